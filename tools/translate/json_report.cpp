// SPDX-License-Identifier: MIT
// Writes JSON lines.
#include "tools/translate/json_report.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "tools/translate/entry_fields.hpp"
#include "tools/translate/explain.hpp"

namespace faultline::translate {

using Json = nlohmann::ordered_json;

namespace {

// 64 bits do not fit the numbers that most readers of JSON have.
std::string hex(uint64_t value) { return fmt::format("{:#x}", value); }

Json json_of(const Place& place) {
  return {{"aperture", aperture_name(place.aperture)}, {"address", hex(place.address)}};
}

template <typename PageOf>
Json page_json(const PageOf& page) {
  Json json{{"result", "translated"},
            {"pa", hex(page.pa)},
            {"aperture", aperture_name(page.aperture)},
            {"page_shift", page.page_shift},
            {"kind", page.kind},
            {"vol", page.vol},
            {"read_only", page.read_only},
            {"atomic_disable", page.atomic_disable}};
  if (page.aperture == mmu::Aperture::kPeer) json["peer"] = page.peer;
  return json;
}

Json json_of(const Reply& reply) {
  if (reply.missing) return {{"result", "missing"}, {"missing", json_of(*reply.missing)}};
  if (reply.result == Result::kSparse) return {{"result", "sparse"}};
  if (reply.result == Result::kFault)
    return {{"result", "fault"}, {"fault_type", to_string(reply.fault_type)}};
  return page_json(reply.answer);
}

Json json_of(const Expected& expected) {
  if (expected.result == Result::kSparse) return {{"result", "sparse"}};
  if (expected.result == Result::kTranslated) return page_json(expected);
  Json json{{"result", "fault"}};
  if (expected.fault_type)
    json["fault_type"] = to_string(static_cast<regs::FaultType>(*expected.fault_type));
  return json;
}

Json json_of(const Question& question) {
  return {{"va", hex(question.va)},
          {"access", to_string(static_cast<regs::AccessType>(question.access))},
          {"privileged", question.privileged}};
}

Json json_of(const WalkEntry& entry) {
  Json json{
      {"level", level_name(entry.level)}, {"at", json_of(entry.at)}, {"words", Json::array()}};
  for (size_t i = 0; i < entry.words; ++i) json["words"].push_back(hex(entry.word[i]));
  for (const FieldText& field : fields_of(entry))
    json["fields"][std::string(field.name)] = field.value;
  return json;
}

void print(std::FILE* out, const Json& json) { fmt::print(out, "{}\n", json.dump()); }

}  // namespace

void JsonReport::row(const Row& row) {
  Json json = json_of(row.query.question);
  json["answer"] = json_of(row.reply);
  json["expected"] = json_of(row.query.expected);
  json["agrees"] = row.verdict == Verdict::kAgrees;
  print(out_, json);
}

void JsonReport::end(const Totals& totals) {
  print(out_, {{"questions", totals.questions},
               {"different", totals.differences},
               {"missing", totals.missing}});
}

void JsonReport::answer(const Question& question, const Reply& reply) {
  Json json = json_of(question);
  json["answer"] = json_of(reply);
  json["reason"] = reason(question, reply);
  for (const WalkEntry& entry : reply.walk) json["walk"].push_back(json_of(entry));
  print(out_, json);
}

}  // namespace faultline::translate
