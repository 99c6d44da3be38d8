#include "fetch/confine.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <vector>

#include "platform/descriptor.h"

// The sanitizers need calls and memory that the confined program does not: they watch it instead.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TRUEUP_UNCONFINED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TRUEUP_UNCONFINED 1
#endif
#endif
#ifndef TRUEUP_UNCONFINED
#define TRUEUP_UNCONFINED 0
#endif

namespace trueup::fetch {
namespace {

constexpr std::uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kFill = kRead | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE;
constexpr std::uint64_t kEverything = kFill | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                      LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                                      LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                                      LANDLOCK_ACCESS_FS_MAKE_SYM;

/// Which parts of the file system stay within reach.
class Reach {
 public:
  Reach() {
    const landlock_ruleset_attr attributes{.handled_access_fs = kEverything};
    rules_ = platform::Descriptor(
        static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
  }
  void allow(int place, std::uint64_t access) {
    const landlock_path_beneath_attr rule{.allowed_access = access, .parent_fd = place};
    (void)::syscall(SYS_landlock_add_rule, rules_.get(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  }
  void allow_reading(const char* directory) { allow_at(directory, kRead); }
  void allow_at(const char* path, std::uint64_t access) {
    const platform::Descriptor place(::open(path, O_PATH | O_CLOEXEC));
    if (place.is_open()) allow(place.get(), access);
  }
  void enforce() {
    (void)::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);  // without it only root may give something up
    if (rules_.is_open()) (void)::syscall(SYS_landlock_restrict_self, rules_.get(), 0);
  }

 private:
  platform::Descriptor rules_;
};

struct ReleaseFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

void add(const Filter& filter, std::uint32_t action, std::string_view name) {
  const int number = seccomp_syscall_resolve_name(std::string(name).c_str());
  if (number != __NR_SCMP_ERROR) (void)seccomp_rule_add(filter.get(), action, number, 0);
}

void refuse_opening_for_writing(const Filter& filter) {
  for (const auto flag : {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC}) {
    const auto bits = static_cast<scmp_datum_t>(flag);
    for (const auto& [name, place] : {std::pair("open", 1U), std::pair("openat", 2U)}) {
      const int number = seccomp_syscall_resolve_name(name);
      const scmp_arg_cmp has_flag{place, SCMP_CMP_MASKED_EQ, bits, bits};
      if (number != __NR_SCMP_ERROR) {
        (void)seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), number, 1, &has_flag);
      }
    }
  }
}

void refuse_new_processes(const Filter& filter) {
  const scmp_arg_cmp no_thread{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0};
  (void)seccomp_rule_add_array(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &no_thread);
  add(filter, SCMP_ACT_ERRNO(ENOSYS), "clone3");  // its flags cannot be looked at; the C library then takes clone
}

}  // namespace

void limit(const Allowance& allowance) {
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL);
  (void)::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  (void)::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  const auto at_most = [](__rlimit_resource resource, std::uint64_t most) {
    const rlimit both{.rlim_cur = most, .rlim_max = most};
    (void)::setrlimit(resource, &both);
  };
  at_most(RLIMIT_CORE, 0);
  at_most(RLIMIT_NOFILE, 256);
  at_most(RLIMIT_FSIZE, allowance.file_bytes);
  at_most(RLIMIT_CPU, std::max<std::uint64_t>(allowance.cpu_seconds, 1));
  if constexpr (TRUEUP_UNCONFINED == 0) at_most(RLIMIT_AS, allowance.memory_bytes);
}

namespace {

Status become(uid_t user, gid_t group) {
  const bool done =
      ::setgroups(0, nullptr) == 0 && ::setresgid(group, group, group) == 0 && ::setresuid(user, user, user) == 0;
  if (done) return ok();
  return os_error(errno, "give up the rights of root for", "the download");
}

}  // namespace

Status drop_root() {
  constexpr uid_t kNobody = 65534;
  return ::geteuid() == 0 ? become(kNobody, kNobody) : ok();
}

Status become_owner_of(int target) {
  struct stat owner{};
  if (::geteuid() != 0) return ok();
  if (::fstat(target, &owner) != 0) return os_error(errno, "look at", "the place of the download");
  return become(owner.st_uid, owner.st_gid);
}

void confine_to_programs(int target, int output) {
  if constexpr (TRUEUP_UNCONFINED != 0) return;
  constexpr std::uint64_t kRun = kRead | LANDLOCK_ACCESS_FS_EXECUTE;
  Reach reach;
  for (const char* directory : {"/usr", "/bin", "/lib", "/lib32", "/lib64", "/libx32"}) reach.allow_at(directory, kRun);
  for (const char* directory : {"/etc", "/run", "/proc"}) reach.allow_reading(directory);
  constexpr std::uint64_t kUse = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
  for (const char* device : {"/dev/null", "/dev/urandom", "/dev/random"}) reach.allow_at(device, kUse);
  reach.allow(target, kFill | LANDLOCK_ACCESS_FS_REMOVE_DIR);
  reach.allow(output, kUse);
  reach.enforce();
}

void confine_to_network() {
  if constexpr (TRUEUP_UNCONFINED != 0) return;
  Reach reach;
  for (const char* directory : {"/etc", "/usr", "/lib", "/lib64", "/run"}) reach.allow_reading(directory);
  reach.enforce();
  const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
  if (!filter) return;
  for (const char* name :
       {"execve",     "execveat",       "fork",        "vfork",       "ptrace",       "process_vm_readv",
        "bind",       "listen",         "accept",      "accept4",     "openat2",      "process_vm_writev",
        "unlink",     "unlinkat",       "rename",      "renameat",    "renameat2",    "link",
        "linkat",     "symlink",        "symlinkat",   "mkdir",       "mkdirat",      "mknod",
        "mknodat",    "chmod",          "fchmod",      "fchmodat",    "chown",        "fchown",
        "fchownat",   "lchown",         "truncate",    "rmdir",       "creat",        "mount",
        "umount2",    "pivot_root",     "chroot",      "setns",       "unshare",      "bpf",
        "keyctl",     "add_key",        "request_key", "init_module", "finit_module", "perf_event_open",
        "kexec_load", "io_uring_setup", "userfaultfd", "setuid",      "setresuid",    "setxattr",
        "kill",       "tkill"}) {
    add(filter, SCMP_ACT_ERRNO(EPERM), name);
  }
  refuse_opening_for_writing(filter);
  refuse_new_processes(filter);
  (void)seccomp_load(filter.get());
}

namespace {

void allow_no_network() {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (!filter) return;
  for (const char* name :
       {"read",           "readv",           "pread64",        "write",      "writev",        "pwrite64",
        "lseek",          "_llseek",         "close",          "fstat",      "fstat64",       "newfstatat",
        "fstatat64",      "statx",           "openat",         "openat2",    "mkdirat",       "ftruncate",
        "ftruncate64",    "fchmod",          "unlinkat",       "fcntl",      "fcntl64",       "dup",
        "getdents64",     "fsync",           "fdatasync",      "brk",        "mmap",          "mmap2",
        "munmap",         "mremap",          "mprotect",       "madvise",    "futex",         "rt_sigaction",
        "rt_sigprocmask", "rt_sigreturn",    "exit",           "exit_group", "clock_gettime", "clock_gettime64",
        "gettimeofday",   "getrandom",       "getpid",         "gettid",     "tgkill",        "sched_yield",
        "rseq",           "set_robust_list", "restart_syscall"}) {
    add(filter, SCMP_ACT_ALLOW, name);
  }
  (void)seccomp_load(filter.get());
}

}  // namespace

void confine_to_directory(int target) {
  if constexpr (TRUEUP_UNCONFINED != 0) return;
  Reach reach;
  reach.allow(target, kFill);
  reach.enforce();
  allow_no_network();
}

void confine_to_what_is_open() {
  if constexpr (TRUEUP_UNCONFINED != 0) return;
  Reach().enforce();
  allow_no_network();
}

}  // namespace trueup::fetch
