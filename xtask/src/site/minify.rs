//! Takes out of texts what only people need.

use std::{io::Write, process::Stdio};

use anyhow::{Context, Result, ensure};

use super::stamp::extension;
use crate::{repo, run};

/// Oldest browsers in view: esbuild rewrites newer syntax (such as nested CSS) for them.
const BROWSERS: &str = "--target=es2022,chrome109,firefox115,safari16";

/// The script that is made of an npm package.
const BUNDLED: &str = "age.js";
/// What that package has for keys in place of passphrases. Chorus never makes or takes a key, and without these
/// it is a third of the size.
const LEFT_OUT: [&str; 3] = [
    "--alias:@noble/curves/nist.js=data:text/javascript,export const p256=0",
    "--alias:@noble/curves/ed25519.js=data:text/javascript,export const x25519=0",
    "--alias:@noble/post-quantum/hybrid.js=data:text/javascript,export const MLKEM768P256=0,MLKEM768X25519=0",
];

/// Minifies one text by its kind. Other kinds come back as they are.
pub fn minify(name: &str, text: Vec<u8>) -> Result<Vec<u8>> {
    match extension(name) {
        // As a module, so that names at the top are shortened too; no script of ours leaves globals for another by `var`.
        "js" if name == BUNDLED => esbuild(
            &text,
            &[&["--bundle", "--format=esm"], &LEFT_OUT[..]].concat(),
        ),
        "js" => esbuild(&text, &["--loader=js", "--format=esm"]),
        "css" => esbuild(&text, &["--loader=css"]),
        "webmanifest" => json(&text),
        _ => Ok(text),
    }
    .with_context(|| format!("cannot minify {name}"))
}

fn json(text: &[u8]) -> Result<Vec<u8>> {
    let value: serde_json::Value = serde_json::from_slice(text)?;
    Ok(serde_json::to_vec(&value)?)
}

fn esbuild(text: &[u8], kind: &[&str]) -> Result<Vec<u8>> {
    let mut child = run::npm_program("esbuild")
        .args([
            "--minify",
            "--charset=utf8",
            "--legal-comments=none",
            "--log-level=warning",
        ])
        .arg(BROWSERS)
        .args(kind)
        // Where packages are found.
        .current_dir(repo::e2e())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start esbuild")?;
    let mut input = child.stdin.take().context("its input is piped")?;
    // esbuild reads all before it writes any, so this cannot wait for itself.
    input.write_all(text)?;
    drop(input);
    let output = child.wait_with_output()?;
    ensure!(
        output.status.success(),
        "esbuild ended with {}",
        output.status
    );
    Ok(output.stdout)
}
