//! The frontend crate as phones get it: compiled, bound to JavaScript, made small.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::{fingerprint, stamp::Source};
use crate::{
    install::WasmCompiler,
    repo,
    run::{self, say, timed},
};

/// What rustc emits for this target today. Given in full, because wasm-opt would otherwise refuse such code or, worse, guess.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];
/// Smallest, again and again until nothing changes. Low memory is unused: below 1 KiB there is only the end of the stack,
/// which rustc puts first.
const SMALL: [&str; 5] = [
    "-Oz",
    "--converge",
    "--low-memory-unused",
    "--strip-producers",
    "--strip-target-features",
];

/// `frontend.js` (one module, its snippets inside, not yet minified) and `frontend.wasm`.
pub fn build(compiler: WasmCompiler) -> Result<[Source; 2]> {
    timed("Compiling the app to wasm", || {
        run::run(&mut compiler.build())
    })?;
    let compiled = repo::target().join("wasm32-unknown-unknown/wasm/frontend.wasm");
    let bytes = fs::read(&compiled).with_context(|| compiled.display().to_string())?;
    let recipe = [FEATURES.join(" "), SMALL.join(" ")].join(" ");
    let made_from = fingerprint::of_named([
        ("compiled", bytes.as_slice()),
        ("recipe", recipe.as_bytes()),
    ]);
    let mark = repo::workshop().join("wasm-made-from");
    if fs::read_to_string(&mark).is_ok_and(|made| made == made_from) {
        say("The wasm is as small as it gets already.");
    } else {
        bind(bytes)?;
        optimise()?;
        fs::write(mark, made_from)?;
    }
    Ok([finished("frontend.js")?, finished("frontend.wasm")?])
}

fn finished(name: &str) -> Result<Source> {
    Ok(Source {
        name: name.into(),
        bytes: fs::read(repo::workshop().join(name))?,
    })
}

fn bound() -> PathBuf {
    repo::workshop().join("bound")
}

fn bind(compiled: Vec<u8>) -> Result<()> {
    timed("Binding wasm to JavaScript", || {
        if bound().exists() {
            fs::remove_dir_all(bound())?;
        }
        fs::create_dir_all(bound())?;
        Bindgen::new()
            .input_bytes("frontend", compiled)
            .out_name("frontend")
            .web(true)?
            .typescript(false)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(bound())?;
        run::run_quietly(
            run::npm_program("esbuild")
                .arg(bound().join("frontend.js"))
                .args(["--bundle", "--format=esm", "--log-level=warning"])
                .arg(format!(
                    "--outfile={}",
                    repo::workshop().join("frontend.js").display()
                )),
        )
    })
}

fn optimise() -> Result<()> {
    timed("Making the wasm small", || {
        run::run_quietly(
            run::npm_program("wasm-opt")
                .arg(bound().join("frontend_bg.wasm"))
                .args(FEATURES)
                .args(SMALL)
                .arg("-o")
                .arg(repo::workshop().join("frontend.wasm")),
        )
    })
}
