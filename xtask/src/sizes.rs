//! How large a program is, and how much of its code each crate of ours takes.
//!
//! Read with `nm` from the symbols, so code that was inlined counts where it ended up. A machine without `nm`
//! gets the file's size only.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use crate::program;

/// Bytes of a program.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Sizes {
    /// The file, with its symbols.
    pub(crate) file: u64,
    /// All code.
    pub(crate) code: u64,
    /// Code of each of our crates, the largest first.
    pub(crate) crates: Vec<(String, u64)>,
}

/// Measures the program at `path`.
pub(crate) fn of(path: &Path) -> anyhow::Result<Sizes> {
    let file = fs::metadata(path)?.len();
    let mut nm = Command::new("nm");
    nm.args(["--demangle", "--print-size", "--radix=d"]).arg(path);
    let symbols = program::answer(&mut nm).unwrap_or_default();
    Ok(Sizes {
        file,
        ..add_up(&symbols)
    })
}

/// Adds up lines such as `0000000000117280 0000000000000093 t fivewire_link::link::Link<..>::start`.
fn add_up(symbols: &str) -> Sizes {
    let mut code = 0;
    let mut crates = BTreeMap::<String, u64>::new();
    for line in symbols.lines() {
        let Some((size, name)) = function(line) else {
            continue;
        };
        code += size;
        if let Some(of) = our_crate(name) {
            *crates.entry(of.to_owned()).or_default() += size;
        }
    }
    let mut crates: Vec<_> = crates.into_iter().collect();
    crates.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    Sizes {
        file: 0,
        code,
        crates,
    }
}

fn function(line: &str) -> Option<(u64, &str)> {
    let mut words = line.splitn(4, ' ');
    let (_address, size, kind, name) = (words.next()?, words.next()?, words.next()?, words.next()?);
    // t, T, w, W: functions; all else is data.
    if matches!(kind, "t" | "T" | "w" | "W") {
        Some((size.parse().ok()?, name))
    } else {
        None
    }
}

/// The first crate of ours in a name: for `<Vec<fivewire_wire::Event> as Drop>::drop` the code is there for us.
fn our_crate(name: &str) -> Option<&str> {
    let rest = &name[name.find("fivewire_")?..];
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(rest.len());
    Some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_added_up_by_crate() {
        let symbols = "\
0000000000117280 0000000000000093 t fivewire_link::link::Link<TX,RX>::start
0000000000117380 0000000000000007 t <fivewire_wire::Event as core::fmt::Debug>::fmt
0000000000117480 0000000000000100 T core::fmt::write
0000000000117580 0000000000004096 r fivewire_frame::crc::TABLE
0000000000117680 t no_size
0000000000117780 0000000000000010 t fivewire_wire::decode";
        let crates = vec![("fivewire_link".to_owned(), 93), ("fivewire_wire".to_owned(), 17)];
        assert_eq!(
            add_up(symbols),
            Sizes {
                file: 0,
                code: 210,
                crates
            }
        );
    }
}
