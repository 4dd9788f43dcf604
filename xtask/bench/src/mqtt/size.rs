//! Bytes of a firmware with the client in it, read from its ELF file.
//!
//! Who compiled it is not this program's business: `cargo xtask bench` finds the compiler and names the files.

use std::{fs, path::Path};

use anyhow::Context as _;
use object::{Object as _, ObjectSection as _, SectionKind};

use crate::report::{Aim, Figure};

const AIM_TEXT: Aim = Aim::AtMost(16.0 * 1024.0);
const AIM_RAM: Aim = Aim::AtMost(3.0 * 1024.0);

/// The whole image, start-up code and constants included, and what it holds in memory beside the stack.
#[derive(Debug, Default, PartialEq)]
struct Size {
    text: u64,
    ram: u64,
}

/// Figures of the firmware with the client of 3.1.1 and of that with 5.0.
pub(crate) fn figures(v311: &Path, v5: &Path) -> anyhow::Result<Vec<Figure>> {
    let (v311, v5) = (of(v311)?, of(v5)?);
    let figure =
        |name, ours: u64, five: u64| Figure::new(name, ours as f64, "B").against("fivewire 5.0", five as f64);
    Ok(vec![
        figure("thumbv6m text", v311.text, v5.text).aim(AIM_TEXT),
        figure("thumbv6m RAM", v311.ram, v5.ram).aim(AIM_RAM),
    ])
}

fn of(path: &Path) -> anyhow::Result<Size> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let file = object::File::parse(&*bytes).with_context(|| format!("{} is no ELF file", path.display()))?;
    Ok(file.sections().fold(Size::default(), |mut size, section| {
        match section.kind() {
            SectionKind::Text | SectionKind::ReadOnlyData | SectionKind::ReadOnlyString => {
                size.text += section.size()
            }
            // Initial values lie in flash as well.
            SectionKind::Data => {
                size.text += section.size();
                size.ram += section.size();
            }
            SectionKind::UninitializedData => size.ram += section.size(),
            _ => {}
        }
        size
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_very_program_has_code_and_memory() {
        let exe = std::env::current_exe().expect("it runs");
        let size = of(&exe).expect("it is an ELF file");
        assert!(size.text > 10_000 && size.ram > 0, "{size:?}");
        assert!(of(Path::new("Cargo.toml")).is_err());
    }
}
