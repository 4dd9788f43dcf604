//! Bytes of a firmware, read from its ELF file.
//!
//! Who compiled it is not this program's business: `cargo xtask bench` finds the compiler and names the files.

use std::{fs, path::Path};

use anyhow::Context as _;
use object::{Object as _, ObjectSection as _, SectionKind};

/// The whole image, start-up code and constants included, and what it holds in memory beside the stack.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Size {
    pub(crate) text: u64,
    pub(crate) ram: u64,
}

/// Of the program at `path`.
pub(crate) fn of(path: &Path) -> anyhow::Result<Size> {
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
