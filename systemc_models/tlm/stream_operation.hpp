// SPDX-License-Identifier: MIT
// What the opcodes of the stream engine differ in: which pages they touch, and what happens to the
// data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "systemc_models/tlm/job.hpp"
#include "systemc_models/tlm/stream_slot.hpp"

namespace faultline::tlm {

enum class Supply : uint8_t {
  kSlot,     ///< here is the next one
  kLast,     ///< the same, and those after it depend on it
  kBlocked,  ///< it depends on one in flight
  kEnd,      ///< there are no more
  kBadJob,   ///< the data led to an address that the job must not have
};

class StreamOperation {
 public:
  virtual ~StreamOperation() = default;
  /// Fills the next slot, in the order of the elements; `slot` is clear.
  virtual Supply next(StreamSlot& slot) = 0;
  /// The slot's current access is finished, its data in (or out of) the slot.
  virtual void accessed(StreamSlot& /*slot*/) {}
  /// One atomic access to the `k`-th element of the slot, at `at`; null: sparse.
  virtual void atomic(StreamSlot& /*slot*/, uint32_t /*k*/, std::byte* /*at*/) {}
  virtual uint64_t result() const { return 0; }
};

/// `job` is well formed, and outlives the operation. Null for NOP.
std::unique_ptr<StreamOperation> make_stream_operation(const Job& job);

}  // namespace faultline::tlm
