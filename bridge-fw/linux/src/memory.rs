//! Memory of this process and computer, for the `memory` command.

use fivewire_bridge::Memory;

/// What the kernel says; zeros where it says nothing.
pub(crate) fn read() -> Memory {
    let file = |path| std::fs::read_to_string(path).unwrap_or_default();
    Memory {
        free: kilobytes(&file("/proc/meminfo"), "MemAvailable:"),
        used: kilobytes(&file("/proc/self/status"), "VmRSS:"),
    }
}

/// The value of a line such as `VmRSS:   1234 kB`, in bytes; at most what the command can say.
fn kilobytes(text: &str, key: &str) -> u32 {
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    number.map_or(0, |kilobytes| {
        u32::try_from(kilobytes.saturating_mul(1024)).unwrap_or(u32::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_kernel_are_read() {
        let text = "MemTotal: 9 kB\nMemAvailable:     12 kB\nBig: 99999999999 kB\n";
        assert_eq!(kilobytes(text, "MemAvailable:"), 12 * 1024);
        assert_eq!(kilobytes(text, "Big:"), u32::MAX);
        assert_eq!(kilobytes(text, "VmRSS:"), 0);
    }

    #[test]
    fn this_process_uses_memory() {
        assert!(read().used > 0 && read().free > 0);
    }
}
