// SPDX-License-Identifier: MIT
// What a request may be answered: by the tables as they are, or by anything that caches without
// limit might have kept from them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <variant>
#include <vector>

#include "systemc_models/mmu/gmmu.hpp"
#include "systemc_models/mmu/trace.hpp"
#include "tests/builder/entries.hpp"

namespace faultline::mmu::test {

/// A valid page, as an entry says it.
struct OraclePage {
  uint64_t address = 0;
  unsigned shift = 12;
  regs::PteAperture aperture = regs::PteAperture::kVidmem;
  uint8_t kind = 0;
  bool vol = false;
  bool privilege = false;
  bool read_only = false;
  bool atomic_disable = false;
  auto operator<=>(const OraclePage&) const = default;
};

struct OracleSparse {
  auto operator<=>(const OracleSparse&) const = default;
};

using OracleResult = std::variant<OraclePage, OracleSparse, regs::FaultType>;

/// The fault of an access to this page, if any.
std::optional<regs::FaultType> refusal(const OraclePage& page, Access access, bool privileged);

/// Which caches an operation or a request is about.
enum class OracleSide : uint8_t { kGpc, kHub };

struct OracleInvalidate {
  const builder::TablePointer* space = nullptr;  ///< null: all
  uint64_t va = 0;
  uint64_t bytes = 0;              ///< of the naturally aligned region around `va`; 0: all
  unsigned highest_directory = 0;  ///< VA shift of the highest directory entries that go
  bool hub_only = false;
};

/// Walks words in memory with no code of the MMU's. The caches are sets: a request may find in them
/// what any walk since the last invalidate could have read.
class Oracle {
 public:
  explicit Oracle(Memory& memory) : memory_(memory) {}

  /// By the tables alone.
  OracleResult now(const builder::TablePointer& root, uint64_t va);

  /// Everything that a request on this side may find; what it may read is in the caches after that.
  std::set<OracleResult> possible(const builder::TablePointer& root, uint64_t va, OracleSide side);

  void invalidate(const OracleInvalidate& operation);

 private:
  using Entry = builder::DualEntry;  ///< the second word is 0 but for dual entries
  struct Key {
    uint64_t root;
    unsigned shift;
    uint64_t region;
    auto operator<=>(const Key&) const = default;
  };
  using Pages = std::map<Key, std::set<OraclePage>>;

  Entry read(const builder::TablePointer& table, uint64_t va, Level level);
  OracleResult page_in(const Entry& dual, uint64_t va);
  std::set<Entry> entries(const std::set<std::pair<uint64_t, regs::PdeAperture>>& tables,
                          const builder::TablePointer& root, uint64_t va, Level level);

  Memory& memory_;
  std::map<Key, std::set<Entry>> directories_;
  std::array<Pages, 2> pages_;  ///< by OracleSide
};

}  // namespace faultline::mmu::test
