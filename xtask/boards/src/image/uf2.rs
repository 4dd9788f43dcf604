//! UF2: blocks of 512 bytes that each carry 256 bytes of flash and say where they go, so that a boot loader can show itself
//! as a drive and take a file in any order. Written here because it is this small; the format is Microsoft's.

use std::collections::BTreeMap;

use anyhow::ensure;

use crate::board::Region;
use crate::elf::Load;

const MAGIC: [u32; 2] = [0x0a32_4655, 0x9e5d_5157];
const MAGIC_END: u32 = 0x0ab1_6f30;
/// The word behind the length is the family.
const FAMILY_PRESENT: u32 = 0x2000;
/// Bytes of flash in a block.
const PAYLOAD: usize = 256;
/// Bytes of a block.
const BLOCK: usize = 512;
/// Flash is erased by sectors. A sector that is written in part may not be erased (RP2040-E14), so all of it is written.
const SECTOR: u32 = 4096;
/// What erased flash reads as.
const ERASED: u8 = 0xff;

/// The file for what is loaded into the flash.
///
/// # Errors
/// Something is to be loaded elsewhere.
pub fn file(loads: &[Load<'_>], flash: Region, family: u32) -> anyhow::Result<Vec<u8>> {
    let pages = pages(loads, flash)?;
    let count = u32::try_from(pages.len())?;
    let numbered = (0..).zip(&pages);
    Ok(numbered
        .flat_map(|(number, (address, page))| block(*address, page, (number, count), family))
        .collect())
}

/// What the flash will hold, by the addresses of its pages.
fn pages(loads: &[Load<'_>], flash: Region) -> anyhow::Result<BTreeMap<u32, [u8; PAYLOAD]>> {
    let mut pages = BTreeMap::new();
    for Load { address, bytes } in loads {
        let end = u64::from(*address) + bytes.len() as u64;
        ensure!(
            flash.has((*address).into()) && end <= flash.end(),
            "the image is to be loaded at {address:#010x}, which is outside the flash"
        );
        for (address, byte) in (*address..).zip(*bytes) {
            let sector = address / SECTOR * SECTOR;
            if !pages.contains_key(&sector) {
                let all = (sector..).step_by(PAYLOAD).take(SECTOR as usize / PAYLOAD);
                pages.extend(all.map(|page| (page, [ERASED; PAYLOAD])));
            }
            let offset = address as usize % PAYLOAD;
            let page = pages.get_mut(&(address - offset as u32));
            if let Some(place) = page.and_then(|page| page.get_mut(offset)) {
                *place = *byte;
            }
        }
    }
    Ok(pages)
}

fn block(address: u32, page: &[u8; PAYLOAD], (number, count): (u32, u32), family: u32) -> [u8; BLOCK] {
    let head = [
        MAGIC[0],
        MAGIC[1],
        FAMILY_PRESENT,
        address,
        PAYLOAD as u32,
        number,
        count,
        family,
    ];
    let head = head.into_iter().flat_map(u32::to_le_bytes);
    let mut block = [0; BLOCK];
    block
        .iter_mut()
        .zip(head.chain(*page))
        .for_each(|(to, from)| *to = from);
    if let Some(end) = block.last_chunk_mut() {
        *end = MAGIC_END.to_le_bytes();
    }
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLASH: Region = Region {
        start: 0x1000_0000,
        bytes: 0x20_0000,
    };
    const FAMILY: u32 = 0xe48b_ff56;

    fn word(block: &[u8], at: usize) -> u32 {
        u32::from_le_bytes(*block[at..].first_chunk().unwrap())
    }

    #[test]
    fn each_block_says_where_it_goes_and_how_many_there_are() {
        let bytes = [7; 300];
        let file = file(
            &[Load {
                address: 0x1000_0080,
                bytes: &bytes,
            }],
            FLASH,
            FAMILY,
        )
        .unwrap();
        let blocks: Vec<_> = file.chunks(BLOCK).collect();
        assert_eq!(blocks.len(), 16, "a whole sector");
        for (number, block) in blocks.iter().enumerate() {
            assert_eq!(&block[..8], b"UF2\nWQ]\x9e");
            let address = 0x1000_0000 + 256 * number as u32;
            let expected = [0x2000, address, 256, number as u32, 16, FAMILY];
            assert_eq!([8, 12, 16, 20, 24, 28].map(|at| word(block, at)), expected);
            assert_eq!(word(block, 508), 0x0ab1_6f30);
        }
        let flash: Vec<u8> = blocks.iter().flat_map(|block| block[32..288].to_vec()).collect();
        assert!(
            flash[..0x80]
                .iter()
                .chain(&flash[0x80 + 300..])
                .all(|byte| *byte == 0xff)
        );
        assert_eq!(flash[0x80..0x80 + 300], bytes);
    }

    #[test]
    fn what_is_not_for_the_flash_is_refused() {
        let outside = |address, bytes: &[u8]| file(&[Load { address, bytes }], FLASH, FAMILY).is_err();
        assert!(outside(0x2000_0000, &[1]), "a program in RAM");
        assert!(outside(0x101f_ffff, &[1, 2]), "one byte too many");
        assert!(!outside(0x101f_ffff, &[1]));
    }
}
