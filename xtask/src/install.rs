//! What the tasks need and a bare machine (Debian, rustup's Rust, Node with npm) lacks. Each part is looked for first, so that nothing is fetched twice.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    repo,
    run::{self, say, timed},
    site::fingerprint,
};

const WASM: &str = "wasm32-unknown-unknown";
/// What of the standard library is built, and how: for size.
const STD: [&str; 2] = [
    "-Zbuild-std=std,panic_abort",
    "-Zbuild-std-features=optimize_for_size",
];
/// What a stable compiler does only when asked by [`BOOTSTRAP`]: a panic is one trap instruction, with no message, no
/// formatting code and no source address behind it. With a standard library built the same way this took
/// 30 KB of 210 KB off what every phone downloads; see docs/decisions/005.
const SMALL_PANICS: &str =
    "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none -Zfmt-debug=none";
/// Leaves in the wasm what points where, so that it can be cut in two (`site::split`).
const RELOCATIONS: &str = "-Clink-arg=--emit-relocs";
/// Lets a stable compiler build the standard library.
const BOOTSTRAP: &str = "RUSTC_BOOTSTRAP";
/// Debian's own Rust with its sources and linker, where rustup's downloads cannot be had.
const DEBIAN_RUST: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// Where Debian puts each version of PostgreSQL, and what is said about clusters that come with it.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";
const DEBIAN_CLUSTERS: &str = "/etc/postgresql-common/createcluster.d";

/// Which compiler makes the wasm.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum WasmCompiler {
    /// The toolchain that runs this task, with the wasm target added.
    Rustup,
    /// Debian's, which builds the standard library too. It brings no clippy.
    Debian,
}

impl WasmCompiler {
    /// `cargo build` for the frontend, as phones get it: with a standard library of our own making.
    pub fn build(self) -> Command {
        let (mut cargo, panics) = match self {
            Self::Rustup => (run::cargo(), SMALL_PANICS),
            // An older compiler, which does not know immediate aborts: a larger wasm, but one that works.
            Self::Debian => (debian_cargo(), ""),
        };
        cargo
            .args(["build", "--package", "frontend", "--target", WASM])
            .args(["--profile", "wasm"])
            .args(STD)
            .env(BOOTSTRAP, "1")
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS",
                format!("{panics} {RELOCATIONS} {}", without_paths_of_this_machine()),
            );
        if self == Self::Debian {
            cargo.arg("--ignore-rust-version");
        }
        cargo
    }

    /// `cargo clippy` for the frontend, if this compiler has it.
    pub fn clippy(self) -> Option<Command> {
        let mut cargo = run::cargo();
        cargo.args(["clippy", "--package", "frontend", "--target", WASM]);
        (self == Self::Rustup).then_some(cargo)
    }

    /// Tells one compiler's output from another's.
    pub fn version(self) -> String {
        let rustc = match self {
            Self::Rustup => "rustc",
            Self::Debian => "/usr/bin/rustc",
        };
        run::output(rustc, &["--version", "--verbose"]).unwrap_or_default()
    }
}

/// Panic messages hold source paths: phones need not learn, nor download, where the builder keeps its libraries, and two machines should make the same bytes.
fn without_paths_of_this_machine() -> String {
    let home = std::env::var("CARGO_HOME").ok().or_else(|| {
        let home = std::env::var("HOME").ok()?;
        Some(format!("{home}/.cargo"))
    });
    home.map_or_else(String::new, |home| {
        format!("--remap-path-prefix={home}/registry/src=/lib")
    })
}

fn debian_cargo() -> Command {
    let mut cargo = Command::new("/usr/bin/cargo");
    run::prepare_cargo(&mut cargo);
    cargo
        .env("RUSTC", "/usr/bin/rustc")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
        // The outer cargo is rustup's and would name its own programs.
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("RUSTDOC")
        .env_remove("CARGO");
    cargo
}

/// A compiler for wasm: the one at hand, else rustup's target, else Debian's packages.
pub fn wasm_compiler() -> Result<WasmCompiler> {
    if rustup_has_wasm() {
        return Ok(WasmCompiler::Rustup);
    }
    if debian_has(&DEBIAN_RUST) {
        return Ok(WasmCompiler::Debian);
    }
    let title = "Adding Rust's wasm target and the source of its standard library with rustup";
    let added = timed(title, || {
        run::run(Command::new("rustup").args(["target", "add", WASM]))?;
        run::run(Command::new("rustup").args(["component", "add", "rust-src"]))
    });
    match added {
        Ok(()) if rustup_has_wasm() => return Ok(WasmCompiler::Rustup),
        Ok(()) => say("rustup added them to another toolchain than the one in use."),
        Err(error) => say(&format!("{error:#}")),
    }
    say("Falling back to Debian's Rust, which can build the standard library for wasm.");
    apt_install("Debian's Rust for wasm", &DEBIAN_RUST)?;
    Ok(WasmCompiler::Debian)
}

/// The target's libraries (for clippy) and the sources of the standard library.
fn rustup_has_wasm() -> bool {
    let libraries = run::output("rustc", &["--print", "target-libdir", "--target", WASM])
        .and_then(|libraries| fs::read_dir(libraries).ok())
        .is_some_and(|mut libraries| libraries.next().is_some());
    let sources = run::output("rustc", &["--print", "sysroot"]).is_some_and(|root| {
        Path::new(&root)
            .join("lib/rustlib/src/rust/library/Cargo.lock")
            .is_file()
    });
    libraries && sources
}

fn debian_has(packages: &[&str]) -> bool {
    packages.iter().all(|package| {
        run::output(
            "dpkg-query",
            &["--show", "--showformat=${db:Status-Status}", package],
        )
        .is_some_and(|status| status == "installed")
    })
}

fn apt_install(what: &str, packages: &[&str]) -> Result<()> {
    let wanted = packages.join(" ");
    ensure!(
        run::on_path("apt-get").is_some(),
        "{what} is missing, and there is no apt-get to install it with. Please install: {wanted}"
    );
    ensure!(
        run::output("id", &["-u"]).as_deref() == Some("0"),
        "{what} is missing, and only root may install it. Please run: apt-get update && apt-get install {wanted}"
    );
    timed(
        &format!("Installing {what} with apt-get ({wanted})"),
        || {
            run::run_quietly(apt_get().arg("update"))?;
            run::run_quietly(
                apt_get()
                    .args(["install", "--yes", "--no-install-recommends"])
                    .args(packages),
            )
        },
    )
}

fn apt_get() -> Command {
    let mut apt = Command::new("apt-get");
    apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
    apt
}

/// The npm packages, exactly as locked.
pub fn npm_packages() -> Result<()> {
    let modules = repo::e2e().join("node_modules");
    let lock = repo::e2e().join("package-lock.json");
    let wanted = fingerprint::of_bytes(&fs::read(&lock).context("tests/e2e/package-lock.json")?);
    let mark = modules.join(".installed-lock");
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let Some(node) = run::output("node", &["--version"]) else {
        bail!("Node 20 or newer with npm is needed and was not found on PATH.");
    };
    timed(&format!("Fetching npm packages (Node {node})"), || {
        run::run_quietly(
            Command::new("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
                .current_dir(repo::e2e()),
        )
    })?;
    write_mark(&mark, &wanted)
}

fn write_mark(mark: &Path, content: &str) -> Result<()> {
    fs::write(mark, content).with_context(|| mark.display().to_string())
}

/// The browser of the journeys.
pub fn chromium() -> Result<()> {
    if run::on_path("chromium").is_some() {
        return Ok(());
    }
    apt_install("Chromium", &["chromium"])
}

/// Where PostgreSQL's programs stand: for the tests that run on it.
pub fn postgres() -> Result<PathBuf> {
    if let Some(programs) = postgres_programs() {
        return Ok(programs);
    }
    without_a_main_cluster(|| apt_install("PostgreSQL", &["postgresql"]))?;
    postgres_programs().context("PostgreSQL was installed, and its `initdb` was not found")
}

/// Those of the newest version.
fn postgres_programs() -> Option<PathBuf> {
    let versions = fs::read_dir(DEBIAN_POSTGRES).into_iter().flatten();
    let number = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions
        .filter_map(|version| Some(version.ok()?.path()))
        .filter(|version| version.join("bin/initdb").is_file())
        .max_by_key(number);
    newest.map(|version| version.join("bin")).or_else(|| {
        let initdb = run::on_path("initdb")?.canonicalize().ok()?;
        Some(initdb.parent()?.to_owned())
    })
}

/// Debian's package makes and starts a cluster for everyone on the machine, unless it is asked not to.
fn without_a_main_cluster(install: impl FnOnce() -> Result<()>) -> Result<()> {
    let folder = Path::new(DEBIAN_CLUSTERS);
    let asks = folder.join("chorus-check.conf");
    // Where it may not be written, nothing is installed either.
    let asked = fs::create_dir_all(folder)
        .and_then(|()| fs::write(&asks, "create_main_cluster = false\n"))
        .is_ok();
    let installed = install();
    if asked {
        let _ = fs::remove_file(&asks);
        // It stays if others keep something there.
        let _ = fs::remove_dir(folder);
    }
    installed
}
