// SPDX-License-Identifier: GPL-2.0-only OR MIT
/* Guest tests: the runner and what the tests share. */
#include "harness.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Exit codes of a test's process. */
enum { EXIT_PASSED = 0, EXIT_FAILED = 1, EXIT_SKIPPED = 77 };

/* Unless FAULTLINE_TEST_SECONDS says otherwise. */
#define TEST_SECONDS 120

/* Where the module is, unless FAULTLINE_MODULE says otherwise. */
#define MODULE_FILE "/lib/faultline.ko"

static struct test *tests;
static struct test **tests_end = &tests;

void test_register(struct test *test)
{
	*tests_end = test;
	tests_end = &test->next;
}

static void say(const char *kind, const char *format, va_list arguments)
{
	printf("# %s: ", kind);
	vprintf(format, arguments);
	printf("\n");
	fflush(stdout);
}

void test_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	printf("# %s:%d\n", file, line);
	va_start(arguments, format);
	say("failed", format, arguments);
	va_end(arguments);
	_exit(EXIT_FAILED);
}

void test_skip(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say("skipped", format, arguments);
	va_end(arguments);
	_exit(EXIT_SKIPPED);
}

void sleep_ms(unsigned int ms)
{
	struct timespec time = { ms / 1000, (long)(ms % 1000) * 1000000 };

	while (nanosleep(&time, &time) && errno == EINTR)
		;
}

/* Slow kernels and hosts get more time, and so do tests that are asked to go on for longer. */
static unsigned int environment_or(const char *name, unsigned int otherwise)
{
	const char *value = getenv(name);

	return value ? (unsigned int)atoi(value) : otherwise;
}

/* 0: gone, with its status; -1: still there. */
static int reap(int pid, unsigned int seconds, int *status)
{
	unsigned int waited;

	seconds *= environment_or("FAULTLINE_PATIENCE", 1);
	for (waited = 0; waited < seconds * 100; waited++) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return 0;
		sleep_ms(10);
	}
	return -1;
}

int child_wait(int pid, unsigned int seconds)
{
	int status;

	if (reap(pid, seconds, &status))
		test_fail(__FILE__, __LINE__, "process %d still there after %u s",
			  pid, seconds);
	return status;
}

void in_child(void (*run)(void *), void *arg, unsigned int seconds)
{
	int status, pid = fork();

	CHECK(pid >= 0);
	if (!pid) {
		run(arg);
		fflush(stdout);
		_exit(EXIT_PASSED);
	}
	status = child_wait(pid, seconds);
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SKIPPED)
		_exit(EXIT_SKIPPED);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_PASSED);
}

struct faultline device_open(void)
{
	struct faultline device;
	int ret = faultline_open(&device, NULL);

	if (ret)
		test_fail(__FILE__, __LINE__, "open: %s", strerror(-ret));
	return device;
}

void *memory_map(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(memory != MAP_FAILED);
	madvise(memory, bytes, MADV_NOHUGEPAGE);
	return memory;
}

uint64_t memory_word(uint64_t seed, uint64_t index)
{
	return (seed + 1) * 0x9e3779b97f4a7c15ull + index * 0xd6e8feb86659fd93ull;
}

void memory_fill(void *memory, size_t bytes, uint64_t seed)
{
	uint64_t *words = memory;
	size_t i;

	for (i = 0; i < bytes / sizeof(*words); i++)
		words[i] = memory_word(seed, i);
}

void memory_check(const void *memory, size_t bytes, uint64_t seed)
{
	const uint64_t *words = memory;
	size_t i;

	for (i = 0; i < bytes / sizeof(*words); i++)
		if (words[i] != memory_word(seed, i))
			test_fail(__FILE__, __LINE__,
				  "word %zu is %#" PRIx64 ", not %#" PRIx64, i,
				  words[i], memory_word(seed, i));
}

struct faultline_completion run_ok(struct faultline *device,
				   const struct faultline_job *job)
{
	struct faultline_completion done = {};
	char text[160];
	int ret = faultline_run(device, FAULTLINE_ENGINE_STREAM, job, &done);

	if (ret)
		test_fail(__FILE__, __LINE__, "%s: %s: %s",
			  faultline_opcode_name(job->opcode), strerror(-ret),
			  faultline_strcompletion(&done, text, sizeof(text)));
	return done;
}

struct faultline_completion run_fault(struct faultline *device, uint32_t engine,
				      const struct faultline_job *job, int error,
				      unsigned int access)
{
	struct faultline_completion done = {};
	char text[160];
	int ret = faultline_run(device, engine, job, &done);

	if (ret != error)
		test_fail(__FILE__, __LINE__, "%s: %d, not %d: %s",
			  faultline_opcode_name(job->opcode), ret, error,
			  faultline_strcompletion(&done, text, sizeof(text)));
	CHECK_EQUAL(done.status, FAULTLINE_STATUS_FAULT);
	CHECK_EQUAL(done.access_type, access);
	return done;
}

struct faultline_stats device_stats(struct faultline *device)
{
	struct faultline_stats stats;

	CHECK_EQUAL(faultline_stats(device, &stats, NULL, 0), 0);
	return stats;
}

void driver_unload(void)
{
	if (syscall(SYS_delete_module, "faultline", O_NONBLOCK) && errno != ENOENT)
		test_fail(__FILE__, __LINE__, "unload: %s", strerror(errno));
}

void driver_reload(const char *parameters)
{
	const char *file = getenv("FAULTLINE_MODULE");
	int fd;

	driver_unload();
	if (!file)
		file = MODULE_FILE;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		test_skip("no module in %s", file);
	if (syscall(SYS_finit_module, fd, parameters ? parameters : "", 0))
		test_fail(__FILE__, __LINE__, "load with '%s': %s",
			  parameters ? parameters : "", strerror(errno));
	close(fd);
}

static int run_test(const struct test *test)
{
	unsigned int seconds =
		environment_or("FAULTLINE_TEST_SECONDS", TEST_SECONDS) +
		environment_or("FAULTLINE_STRESS_SECONDS", 0);
	int status, pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		test->run();
		fflush(stdout);
		_exit(EXIT_PASSED);
	}
	if (pid < 0)
		return EXIT_FAILED;
	if (reap(pid, seconds, &status)) {
		printf("# still running after %u s\n", seconds);
		kill(pid, SIGKILL);
		if (reap(pid, seconds, &status))
			printf("# and cannot be killed\n");
		return EXIT_FAILED;
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	printf("# killed by signal %d\n", WTERMSIG(status));
	return EXIT_FAILED;
}

static bool wanted(const struct test *test, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strncmp(test->name, argv[i], strlen(argv[i])))
			return true;
	return argc == 1;
}

static int usage(FILE *out, int code)
{
	fprintf(out, "Usage: faultline-tests [--list | NAME...]\n\n"
		     "Runs the tests whose names begin with one of NAME, or all.\n");
	return code;
}

int main(int argc, char **argv)
{
	unsigned int count = 0, failed = 0;
	const struct test *test;
	int result;

	for (test = tests; test; test = test->next) {
		if (argc == 2 && !strcmp(argv[1], "--list"))
			printf("%s\n", test->name);
		else if (argc > 1 && argv[1][0] == '-')
			return usage(strcmp(argv[1], "--help") ? stderr : stdout,
				     strcmp(argv[1], "--help") ? 2 : 0);
		count += wanted(test, argc, argv);
	}
	if (argc == 2 && !strcmp(argv[1], "--list"))
		return 0;
	if (!count) {
		fprintf(stderr, "faultline-tests: no such test\n");
		return 2;
	}
	printf("TAP version 13\n1..%u\n", count);
	count = 0;
	for (test = tests; test; test = test->next) {
		if (!wanted(test, argc, argv))
			continue;
		result = run_test(test);
		failed += result != EXIT_PASSED && result != EXIT_SKIPPED;
		printf("%sok %u %s%s\n",
		       result == EXIT_PASSED || result == EXIT_SKIPPED ? "" : "not ",
		       ++count, test->name,
		       result == EXIT_SKIPPED ? " # SKIP" : "");
		fflush(stdout);
	}
	printf("# %u of %u failed\n", failed, count);
	return failed ? 1 : 0;
}

void file_write(const char *folder, const char *name, const char *text)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY);
	CHECK(fd >= 0);
	CHECK_EQUAL(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

void driver_address(char *address, size_t size)
{
	DIR *folder = opendir(DRIVER_FOLDER);
	struct dirent *entry;

	CHECK(folder);
	address[0] = 0;
	while ((entry = readdir(folder)))
		if (strchr(entry->d_name, ':'))
			snprintf(address, size, "%.31s", entry->d_name);
	closedir(folder);
	CHECK(address[0]);
}

void driver_mistake(const char *name)
{
	if (access(DRIVER_PARAMETERS "/mistake", W_OK))
		test_skip("this driver makes no mistakes");
	file_write(DRIVER_PARAMETERS, "mistake", name);
}

void driver_reset(void)
{
	char address[32], folder[64];

	driver_address(address, sizeof(address));
	snprintf(folder, sizeof(folder), DRIVER_FOLDER "/%s", address);
	file_write(folder, "reset", "1");
}
