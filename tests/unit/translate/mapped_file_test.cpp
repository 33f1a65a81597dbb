// SPDX-License-Identifier: MIT
// Which files can be images.
#include "tools/translate/mapped_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "tools/translate/image.hpp"

namespace faultline::translate::test {

namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() { fs::create_directory(path); }
  ~Folder() { fs::remove_all(path); }
  fs::path path = fs::temp_directory_path() / ("faultline-translate-" + std::to_string(getpid()));
};

}  // namespace

TEST_CASE("a file is mapped as it is, an empty one too") {
  const Folder folder;
  const std::string path = folder.path / "file";
  std::ofstream(path) << "abc";
  CHECK(MappedFile(path).bytes().size() == 3);
  std::ofstream(path, std::ios::trunc).flush();
  CHECK(MappedFile(path).bytes().empty());
}

TEST_CASE("what is no file is refused at once") {
  const Folder folder;
  const std::string fifo = folder.path / "fifo";
  REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
  CHECK_THROWS_AS(MappedFile(fifo), ImageError);
  CHECK_THROWS_AS(MappedFile(folder.path), ImageError);
  CHECK_THROWS_AS(MappedFile(folder.path / "nothing"), ImageError);
  CHECK_THROWS_AS(MappedFile("/dev/zero"), ImageError);
}

}  // namespace faultline::translate::test
