//! What a process asks the machine about itself: the core it runs on, the time that it computed, its memory.
//!
//! Linux tells all of it. Elsewhere nothing is pinned and the memory stays unknown.

use std::{fs, time::Duration};

use nix::time::{ClockId, clock_gettime};

/// User and system time of this process so far, all threads together.
///
/// Through the C library: under valgrind the kernel's own page of functions is not there to be called.
pub(crate) fn cpu_time() -> Duration {
    // Every process has this clock.
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}

/// The same of another process of one thread; nothing where nobody tells.
pub(crate) fn cpu_time_of(pid: u32) -> Duration {
    let told = fs::read_to_string(format!("/proc/{pid}/schedstat")).ok();
    told.and_then(|text| on_core(&text)).unwrap_or_default()
}

/// The first number of `1200345 5600 78`, in nanoseconds.
fn on_core(schedstat: &str) -> Option<Duration> {
    let spent = schedstat.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(spent))
}

/// The most memory that this process had at a time, in kB; 0 where nobody tells.
pub(crate) fn peak_rss_kb() -> u64 {
    fs::read_to_string("/proc/self/status").map_or(0, |status| high_water(&status).unwrap_or(0))
}

/// The number of `VmHWM:      1896 kB`.
fn high_water(status: &str) -> Option<u64> {
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Keeps this process and all that it starts on one core until dropped: a round trip between two cores measures how long
/// the other one takes to wake up, which is most of it.
pub(crate) struct Pinned {
    #[cfg(target_os = "linux")]
    before: Option<nix::sched::CpuSet>,
}

#[cfg(target_os = "linux")]
mod linux {
    use nix::{
        sched::{CpuSet, sched_getaffinity, sched_setaffinity},
        unistd::Pid,
    };

    use super::Pinned;

    /// This process.
    const SELF: Pid = Pid::from_raw(0);

    impl Pinned {
        /// To the last of the cores that this process may use; a machine that forbids it measures unpinned.
        pub(crate) fn to_one_core() -> Self {
            let before = sched_getaffinity(SELF).ok();
            let pinned = before.as_ref().is_some_and(|all| pin(all).is_some());
            Self {
                before: before.filter(|_| pinned),
            }
        }

        pub(crate) const fn is_pinned(&self) -> bool {
            self.before.is_some()
        }
    }

    impl Drop for Pinned {
        fn drop(&mut self) {
            if let Some(before) = &self.before {
                // They were allowed before.
                let _ = sched_setaffinity(SELF, before);
            }
        }
    }

    fn pin(allowed: &CpuSet) -> Option<()> {
        let is_allowed = |core: &usize| allowed.is_set(*core).unwrap_or(false);
        let core = (0..CpuSet::count()).rev().find(is_allowed)?;
        let mut one = CpuSet::new();
        one.set(core).ok()?;
        sched_setaffinity(SELF, &one).ok()
    }
}

#[cfg(not(target_os = "linux"))]
impl Pinned {
    pub(crate) const fn to_one_core() -> Self {
        Self {}
    }

    pub(crate) const fn is_pinned(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_high_water_mark_is_read_from_the_status() {
        assert_eq!(
            high_water("Name:\tbench\nVmPeak:\t  9000 kB\nVmHWM:\t    1896 kB\n"),
            Some(1896)
        );
        assert_eq!(high_water("Name:\tbench\n"), None);
    }

    #[test]
    fn the_time_on_the_core_is_the_first_number() {
        assert_eq!(
            on_core("1200345 5600 78\n"),
            Some(Duration::from_nanos(1_200_345))
        );
        assert_eq!(on_core(""), None);
    }

    #[test]
    fn computing_takes_time() {
        let before = cpu_time();
        let mut sum = 0_u64;
        while cpu_time() == before {
            sum = std::hint::black_box(sum.wrapping_add(1));
        }
        assert!(cpu_time() > before);
    }
}
