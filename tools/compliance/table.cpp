// SPDX-License-Identifier: MIT
// TOML to the compliance table.
#include "tools/compliance/table.hpp"

#include "tools/regs_gen/reader.hpp"

namespace faultline::compliance {

using regs_gen::Reader;

namespace {

State read_state(Reader& reader) {
  const std::string text = reader.required_text("is");
  for (const State state : {State::kImplemented, State::kStored, State::kAbsent})
    if (text == to_string(state)) return state;
  if (!text.empty()) reader.error("is must be implemented, stored or absent");
  return State::kAbsent;
}

Claim read_claim(Reader& reader) {
  reader.allow({"of", "is", "tested_by", "why"});
  Claim claim{.place = reader.place(),
              .of = reader.texts("of"),
              .state = read_state(reader),
              .tested_by = reader.texts("tested_by"),
              .why = reader.text("why")};
  if (claim.of.empty()) reader.error("of names nothing");
  if (claim.state == State::kImplemented && claim.tested_by.empty() && claim.why.empty())
    reader.error("implemented, but tested_by names no test and why gives no reason");
  if (claim.state != State::kImplemented && claim.why.empty())
    reader.error("is not implemented, but why gives no reason");
  return claim;
}

Unmodelled read_unmodelled(Reader& reader) {
  reader.allow({"names", "why"});
  Unmodelled unmodelled{
      .place = reader.place(), .names = reader.texts("names"), .why = reader.required_text("why")};
  if (unmodelled.names.empty()) reader.error("names names nothing");
  return unmodelled;
}

Manual read_manual(Reader& reader) {
  reader.allow({"name", "text", "claim", "unmodelled"});
  Manual manual;
  manual.name = reader.required_text("name");
  manual.text = reader.required_text("text");
  reader.each("claim", "claim", [&](Reader& r) { manual.claims.push_back(read_claim(r)); });
  reader.each("unmodelled", "unmodelled",
              [&](Reader& r) { manual.unmodelled.push_back(read_unmodelled(r)); });
  return manual;
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::kImplemented:
      return "implemented";
    case State::kStored:
      return "stored";
    case State::kAbsent:
      return "absent";
  }
  return "?";
}

Table parse_table(std::string_view text, const std::string& file, Errors& errors) {
  toml::table root;
  try {
    root = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    regs_gen::report(errors, {file, error.source().begin.line}, "syntax", error.description());
    return {};
  }
  Table table;
  Reader reader(root, file, "file", errors);
  reader.allow({"manual"});
  reader.each("manual", "manual", [&](Reader& m) { table.push_back(read_manual(m)); });
  return table;
}

}  // namespace faultline::compliance
