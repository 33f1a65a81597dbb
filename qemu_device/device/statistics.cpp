// SPDX-License-Identifier: MIT
// Counters as JSON.
#include "qemu_device/device/statistics.hpp"

#include <nlohmann/json.hpp>

namespace faultline::device {

std::string to_json(const tlm::DeviceStatistics& statistics) {
  const mmu::Statistics& mmu = statistics.mmu;
  const nlohmann::ordered_json json = {
      {"device_time_ns", statistics.device_time_ns},
      {"jobs", statistics.jobs},
      {"interrupts", statistics.interrupts},
      {"unmodelled", statistics.unmodelled},
      {"mmu",
       {{"hits", mmu.hits},
        {"misses", mmu.misses},
        {"l2_hits", mmu.l2_hits},
        {"walks", mmu.walks},
        {"entries_read", mmu.entries_read},
        {"faults", mmu.faults},
        {"packets", mmu.packets},
        {"dropped", mmu.dropped},
        {"replays", mmu.replays},
        {"cancels", mmu.cancels},
        {"invalidates", mmu.invalidates}}},
  };
  return json.dump();
}

}  // namespace faultline::device
