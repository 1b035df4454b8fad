//! The least that a bag-of-n-grams classifier can do with a CSV file: read it, lower its case, cut it into words, hash each word and its
//! runs of 3 to 5 letters. No model. `scripts/bench-speed` compares `classify` with it: `limit FILE COLUMN`.

use std::error::Error;
use std::io::Write;

use xxhash_rust::xxh3::xxh3_64;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), Some(column)) = (arguments.next(), arguments.next()) else {
        return Err("usage: limit FILE COLUMN".into());
    };
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 18).from_path(path)?;
    let at = reader.byte_headers()?.iter().position(|name| name == column.as_bytes()).ok_or("no such column")?;
    let (mut record, mut text, mut checksum) = (csv::ByteRecord::new(), Vec::new(), 0_u64);
    while reader.read_byte_record(&mut record)? {
        text.clear();
        text.extend_from_slice(&record[at]);
        text.make_ascii_lowercase();
        for word in text.split(|byte| !byte.is_ascii_alphanumeric() && byte.is_ascii()).filter(|word| !word.is_empty())
        {
            checksum ^= xxh3_64(word);
            for n in 3..=5 {
                for gram in word.windows(n) {
                    checksum = checksum.wrapping_add(hash(gram));
                }
            }
        }
    }
    writeln!(std::io::stdout(), "{checksum:016x}")?;
    Ok(())
}

/// FNV-1a: as cheap as a hash of a few bytes gets.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
