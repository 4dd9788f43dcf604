//! Small ELF files for tests: sections of a board's firmware, each loaded by a segment of its own.

use fivewire_host_fw_app::{EMPTY_SLOT, SLOT_SECTION};
use fivewire_wire::IDENTITY_SECTION;
use object::Endianness;
use object::elf;
use object::write::elf::{FileHeader, ProgramHeader, SectionHeader, Sym, Writer};

/// A section of the file.
pub(crate) struct Section {
    name: &'static str,
    runs_at: u32,
    loaded_at: u32,
    bytes: Vec<u8>,
    /// More bytes, which no file holds.
    zeros: u32,
    flags: u32,
}

impl Section {
    /// Code or constants.
    pub(crate) fn flash(name: &'static str, at: u32, bytes: Vec<u8>) -> Self {
        Self {
            name,
            runs_at: at,
            loaded_at: at,
            bytes,
            zeros: 0,
            flags: elf::SHF_ALLOC | elf::SHF_EXECINSTR,
        }
    }

    /// Variables with first values, which lie in flash before the program runs.
    pub(crate) fn data(runs_at: u32, loaded_at: u32, bytes: Vec<u8>) -> Self {
        Self {
            name: ".data",
            runs_at,
            loaded_at,
            bytes,
            zeros: 0,
            flags: elf::SHF_ALLOC | elf::SHF_WRITE,
        }
    }

    /// Memory that begins as zeros.
    pub(crate) fn zeros(name: &'static str, at: u32, zeros: u32) -> Self {
        Self {
            name,
            runs_at: at,
            loaded_at: at,
            bytes: vec![],
            zeros,
            flags: elf::SHF_ALLOC | elf::SHF_WRITE,
        }
    }
}

/// A host's firmware for a Pico that says this of its protocol, as far as tools look at it.
pub(crate) fn host(identity: &[u8]) -> Vec<u8> {
    let sections = [
        Section::flash(".text", 0x1000_0000, vec![0x70; 300]),
        Section::flash(IDENTITY_SECTION, 0x1000_0200, identity.to_vec()),
        Section::flash(SLOT_SECTION, 0x1000_0300, EMPTY_SLOT.to_vec()),
        Section::data(0x2000_0000, 0x1000_1000, vec![5; 8]),
        Section::zeros(".bss", 0x2000_0008, 100),
        Section::zeros(".stack", 0x2000_006c, 0x1000),
    ];
    elf(&sections, &[])
}

/// Firmware that sends one message of defmt: its number is 0x0101, its time stamp microseconds, its argument a byte.
pub(crate) fn with_messages() -> Vec<u8> {
    let entry = |tag: &str, text: &str| {
        format!(
            r#"{{"package":"p","tag":"defmt_{tag}","data":"{text}","disambiguator":"1","crate_name":"p"}}"#
        )
    };
    let symbols = [
        (entry("info", "level {=u8}"), 0x101),
        (entry("timestamp", "{=u32:us}"), 0x102),
        ("_defmt_version_ = 4".to_owned(), 0),
        ("_defmt_encoding_ = rzcobs".to_owned(), 0),
    ];
    let symbols: Vec<_> = symbols
        .iter()
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    let table = Section {
        flags: 0,
        ..Section::flash(".defmt", 0, vec![0; 0x200])
    };
    elf(&[table], &symbols)
}

/// An ELF file of 32 bits, little-endian, that holds `sections`; the symbols, name and value, lie in the first.
pub(crate) fn elf(sections: &[Section], symbols: &[(&str, u32)]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut writer = Writer::new(Endianness::Little, false, &mut file);
    writer.reserve_null_section_index();
    let names: Vec<_> = sections
        .iter()
        .map(|section| writer.add_section_name(section.name.as_bytes()))
        .collect();
    let indices: Vec<_> = sections.iter().map(|_| writer.reserve_section_index()).collect();
    let strings: Vec<_> = symbols
        .iter()
        .map(|(name, _)| writer.add_string(name.as_bytes()))
        .collect();
    writer.reserve_null_symbol_index();
    symbols
        .iter()
        .for_each(|_| _ = writer.reserve_symbol_index(indices.first().copied()));
    writer.reserve_symtab_section_index();
    writer.reserve_strtab_section_index();
    writer.reserve_shstrtab_section_index();
    writer.reserve_file_header();
    writer.reserve_program_headers(sections.len() as u32);
    let offsets: Vec<_> = sections
        .iter()
        .map(|section| writer.reserve(section.bytes.len(), 4))
        .collect();
    writer.reserve_symtab();
    writer.reserve_strtab();
    writer.reserve_shstrtab();
    writer.reserve_section_headers();

    let header = FileHeader {
        os_abi: 0,
        abi_version: 0,
        e_type: elf::ET_EXEC,
        e_machine: elf::EM_ARM,
        e_entry: 0x1000_0000,
        e_flags: 0,
    };
    writer.write_file_header(&header).unwrap();
    for (section, offset) in sections.iter().zip(&offsets) {
        writer.write_program_header(&segment(section, *offset));
    }
    for (section, offset) in sections.iter().zip(&offsets) {
        writer.pad_until(*offset);
        writer.write(&section.bytes);
    }
    writer.write_null_symbol();
    for ((_, value), name) in symbols.iter().zip(strings) {
        writer.write_symbol(&Sym {
            name: Some(name),
            section: indices.first().copied(),
            st_info: elf::STB_GLOBAL << 4,
            st_other: 0,
            st_shndx: 0,
            st_value: (*value).into(),
            st_size: 0,
        });
    }
    writer.write_strtab();
    writer.write_shstrtab();
    writer.write_null_section_header();
    for ((section, offset), name) in sections.iter().zip(offsets).zip(names) {
        writer.write_section_header(&SectionHeader {
            name: Some(name),
            ..head(section, offset)
        });
    }
    writer.write_symtab_section_header(1);
    writer.write_strtab_section_header();
    writer.write_shstrtab_section_header();
    file
}

fn segment(section: &Section, offset: usize) -> ProgramHeader {
    ProgramHeader {
        p_type: elf::PT_LOAD,
        p_flags: elf::PF_R,
        p_offset: offset as u64,
        p_vaddr: section.runs_at.into(),
        p_paddr: section.loaded_at.into(),
        p_filesz: section.bytes.len() as u64,
        p_memsz: section.bytes.len() as u64 + u64::from(section.zeros),
        p_align: 4,
    }
}

fn head(section: &Section, offset: usize) -> SectionHeader {
    SectionHeader {
        name: None,
        sh_type: if section.zeros > 0 {
            elf::SHT_NOBITS
        } else {
            elf::SHT_PROGBITS
        },
        sh_flags: section.flags.into(),
        sh_addr: section.runs_at.into(),
        sh_offset: offset as u64,
        sh_size: section.bytes.len() as u64 + u64::from(section.zeros),
        sh_link: 0,
        sh_info: 0,
        sh_addralign: 4,
        sh_entsize: 0,
    }
}
