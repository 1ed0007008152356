//! Writes the finished site: every file with its brotli and gzip beside it where they are smaller, and `assets.json`, which says what is where.

use std::{collections::BTreeMap, fs, io::Write, path::Path};

use anyhow::{Context, Result};
use brotli::CompressorWriter;
use flate2::{Compression, write::GzEncoder};
use serde_json::json;

use super::stamp::Finished;

/// The best brotli has. It is slow, and done once, here.
const BROTLI_QUALITY: u32 = 11;
/// A window of 4 MiB: larger than anything we serve.
const BROTLI_WINDOW: u32 = 22;
const BUFFER_BYTES: usize = 64 * 1024;

/// What one file costs a phone.
pub struct Weight {
    /// Its source's name.
    pub name: String,
    /// Uncompressed bytes.
    pub raw: usize,
    /// Bytes as served to a browser that takes brotli.
    pub brotli: usize,
}

/// Writes everything below `site`, which is made anew. `site/assets/…` have hashed addresses, `site/root/…` fixed ones.
pub fn write(site: &Path, build: &str, files: &[Finished], kept: &[&str]) -> Result<Vec<Weight>> {
    if site.exists() {
        fs::remove_dir_all(site)?;
    }
    fs::create_dir_all(site.join("assets"))?;
    fs::create_dir_all(site.join("root"))?;
    let mut weights = Vec::new();
    let mut addresses = BTreeMap::new();
    for file in files {
        let inner = match file.address.strip_prefix("/assets/") {
            Some(hashed) => {
                addresses.insert(&file.name, &file.address);
                format!("assets/{hashed}")
            }
            None => format!("root{}", file.address),
        };
        weights.push(Weight {
            name: file.name.clone(),
            raw: file.bytes.len(),
            brotli: write_with_compressed(&site.join(inner), &file.bytes)?,
        });
    }
    let assets = json!({ "build": build, "files": addresses, "precache": kept });
    fs::write(
        site.join("assets.json"),
        serde_json::to_vec_pretty(&assets)?,
    )?;
    Ok(weights)
}

fn write_with_compressed(path: &Path, bytes: &[u8]) -> Result<usize> {
    fs::write(path, bytes).with_context(|| path.display().to_string())?;
    let (brotli, gzip) = (brotli(bytes)?, gzip(bytes)?);
    // Pictures are compressed already; what would grow is served as it is.
    for (ending, packed) in [("br", &brotli), ("gz", &gzip)] {
        if packed.len() < bytes.len() {
            fs::write(format!("{}.{ending}", path.display()), packed)?;
        }
    }
    Ok(brotli.len().min(bytes.len()))
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    CompressorWriter::new(&mut out, BUFFER_BYTES, BROTLI_QUALITY, BROTLI_WINDOW)
        .write_all(bytes)?;
    Ok(out)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// The table of what a first visit fetches, heaviest first. The page itself is not among these files.
pub fn table(weights: &[Weight]) -> String {
    let mut rows: Vec<&Weight> = weights.iter().collect();
    rows.sort_by_key(|weight| std::cmp::Reverse(weight.brotli));
    let mut lines = vec![format!("{:<28}{:>10}{:>10}", "", "raw", "brotli")];
    lines.extend(
        rows.iter()
            .map(|weight| row(&weight.name, weight.raw, weight.brotli)),
    );
    let sum = |of: fn(&Weight) -> usize| weights.iter().map(of).sum();
    lines.push(row(
        "together",
        sum(|weight| weight.raw),
        sum(|weight| weight.brotli),
    ));
    lines.join("\n")
}

fn row(name: &str, raw: usize, brotli: usize) -> String {
    format!("{name:<28}{:>10}{:>10}", kilobytes(raw), kilobytes(brotli))
}

/// "128.4 KB", with 1,000 bytes to a kilobyte, as phone bills count.
pub fn kilobytes(bytes: usize) -> String {
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_was_packed_can_be_unpacked_and_is_listed() {
        let site = std::env::temp_dir().join(format!("chorus-pack-{}", std::process::id()));
        let bytes = b"hello ".repeat(200);
        let files =
            [("boot.js", "/assets/boot.00.js"), ("sw.js", "/sw.js")].map(|(name, address)| {
                Finished {
                    name: name.into(),
                    address: address.into(),
                    bytes: bytes.clone(),
                }
            });
        let weights = write(&site, "b1", &files, &["/shell"]).unwrap();
        assert!(weights[0].brotli < 40 && weights[0].raw == 1200);

        let mut unpacked = Vec::new();
        let brotli = fs::read(site.join("assets/boot.00.js.br")).unwrap();
        brotli::BrotliDecompress(&mut brotli.as_slice(), &mut unpacked).unwrap();
        assert_eq!(unpacked, bytes);
        let gzip = fs::File::open(site.join("root/sw.js.gz")).unwrap();
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(gzip)
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, bytes);

        let list = fs::read(site.join("assets.json")).unwrap();
        let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
        assert_eq!(
            list,
            json!({ "build": "b1", "files": { "boot.js": "/assets/boot.00.js" }, "precache": ["/shell"] })
        );
        fs::remove_dir_all(site).unwrap();
    }

    #[test]
    fn kilobytes_are_cut_not_rounded_up_to_look_round() {
        assert_eq!(kilobytes(164_999), "164.9 KB");
        assert_eq!(kilobytes(12), "0.0 KB");
    }
}
