//! CRC-32 as ZIP has it, and the way back from it to the one byte that was changed.

/// Reflected 0x04C11DB7, by the last byte.
const TABLE: [u32; 256] = {
    let mut table = [0_u32; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut rest = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            rest = if rest & 1 == 1 {
                0xedb8_8320 ^ (rest >> 1)
            } else {
                rest >> 1
            };
            bit += 1;
        }
        #[expect(
            clippy::indexing_slicing,
            reason = "evaluated by the compiler, within the bounds of the loop"
        )]
        {
            table[byte] = rest;
        }
        byte += 1;
    }
    table
};

/// The number of the table entry with this highest byte: each of the 256 entries has another one.
const WITH_HIGH_BYTE: [u8; 256] = {
    let mut numbers = [0_u8; 256];
    let mut number = 0;
    while number < 256 {
        #[expect(
            clippy::indexing_slicing,
            reason = "evaluated by the compiler; a table entry shifted by 24 is below 256"
        )]
        {
            numbers[(TABLE[number] >> 24) as usize] = number as u8;
        }
        number += 1;
    }
    numbers
};

/// The CRC-32 of these bytes.
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        entry(crc ^ u32::from(*byte)) ^ (crc >> 8)
    })
}

/// If one changed byte explains why `content` does not have the CRC-32 that is stated: where it is, and what it was.
///
/// A CRC is linear, so the two CRCs differ by that of the change alone: the table entry of the changed bits, moved on
/// over the bytes that follow. Moved back byte by byte from the end, it is found where it is a table entry.
pub fn changed_byte(content: &[u8], stated: u32) -> Option<(usize, u8)> {
    let mut rest = crc32(content) ^ stated;
    if rest == 0 {
        return None;
    }
    for (position, byte) in content.iter().enumerate().rev() {
        let change = change_with_high_byte(rest);
        if entry(u32::from(change)) == rest {
            return Some((position, byte ^ change));
        }
        rest = ((rest ^ entry(u32::from(change))) << 8) | u32::from(change);
    }
    None
}

fn entry(word: u32) -> u32 {
    let slot = usize::try_from(word & 0xff).unwrap_or_default();
    TABLE.get(slot).copied().unwrap_or_default()
}

fn change_with_high_byte(word: u32) -> u8 {
    let slot = usize::try_from(word >> 24).unwrap_or_default();
    WITH_HIGH_BYTE.get(slot).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crc_is_the_one_of_the_known_check_value() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn whichever_byte_was_changed_is_found_with_what_it_was() {
        let right: Vec<u8> = (0..=255).cycle().take(2_000).collect();
        let stated = crc32(&right);
        assert_eq!(changed_byte(&right, stated), None);
        for position in 0..right.len() {
            let mut wrong = right.clone();
            wrong[position] ^= (position % 255) as u8 + 1;
            assert_eq!(
                changed_byte(&wrong, stated),
                Some((position, right[position]))
            );
        }
    }
}
