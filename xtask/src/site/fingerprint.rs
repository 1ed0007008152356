//! Short names for contents: of one file, and of everything that a result is made from.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// SHA-256, the first 16 hex digits: enough to tell our own files apart.
pub fn of_bytes(bytes: &[u8]) -> String {
    hex16(Sha256::new().chain_update(bytes))
}

/// One fingerprint of many named contents; the order they come in does not matter, their names do.
pub fn of_named<'a>(contents: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut contents: Vec<_> = contents.into_iter().collect();
    contents.sort_unstable();
    let mut hash = Sha256::new();
    for (name, bytes) in contents {
        for part in [name.as_bytes(), bytes] {
            // Lengths keep "ab" + "c" apart from "a" + "bc".
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hex16(hash)
}

/// One fingerprint of files and whole folders below `root`, by content: a checkout that touches every file changes nothing.
pub fn of_files(root: &Path, inputs: &[&str], extra: &str) -> Result<String> {
    let mut contents = vec![(String::new(), extra.as_bytes().to_vec())];
    for input in inputs {
        for file in files_below(&root.join(input))? {
            let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
            let name = file.strip_prefix(root).unwrap_or(&file);
            contents.push((name.to_string_lossy().into_owned(), bytes));
        }
    }
    Ok(of_named(
        contents
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
    ))
}

/// Every file below a folder, or the file itself; nothing for what is not there. Links are not followed.
pub fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).with_context(|| path.display().to_string())? {
        let entry = entry?;
        if !entry.file_type()?.is_symlink() {
            files.extend(files_below(&entry.path())?);
        }
    }
    Ok(files)
}

fn hex16(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("chorus-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("src/inner")).unwrap();
        fs::write(folder.join("src/a"), "1").unwrap();
        fs::write(folder.join("src/inner/b"), "2").unwrap();
        folder
    }

    #[test]
    fn names_and_contents_both_count_and_do_not_run_into_each_other() {
        let one = |name: &'static str, bytes: &'static str| of_named([(name, bytes.as_bytes())]);
        assert_eq!(one("a", "bc"), one("a", "bc"));
        assert_ne!(one("a", "bc"), one("ab", "c"));
        assert_ne!(one("a", "bc"), one("a", "bd"));
    }

    #[test]
    fn order_does_not_matter() {
        let (a, b) = (("a", b"1".as_slice()), ("b", b"2".as_slice()));
        assert_eq!(of_named([a, b]), of_named([b, a]));
    }

    #[test]
    fn a_change_anywhere_below_a_folder_changes_the_fingerprint_and_touching_does_not() {
        let folder = folder("fingerprint");
        let now = || of_files(&folder, &["src", "not-there"], "rustc 1").unwrap();
        let before = now();
        fs::write(folder.join("src/a"), "1").unwrap();
        assert_eq!(now(), before);
        assert_ne!(of_files(&folder, &["src"], "rustc 2").unwrap(), before);
        fs::write(folder.join("src/inner/b"), "3").unwrap();
        assert_ne!(now(), before);
        fs::write(folder.join("src/inner/b"), "2").unwrap();
        fs::rename(folder.join("src/a"), folder.join("src/z")).unwrap();
        assert_ne!(now(), before);
        fs::remove_dir_all(folder).unwrap();
    }
}
