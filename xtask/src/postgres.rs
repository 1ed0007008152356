//! The HTTP tests on PostgreSQL: on a cluster of their own, in a folder of its own, that is gone afterwards. A cluster
//! that the machine has already is never touched.

use std::{
    fs::{self, File},
    net::TcpListener,
    os::unix::{self, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{dev, install, repo, run};

/// Where the cluster's folder is made: in memory where there is room, for thousands of files come and go. Everybody may
/// pass through either; a folder that `TMPDIR` names may be root's alone, and shut to PostgreSQL.
const MEMORY: &str = "/dev/shm";
const DISK: &str = "/tmp";
const ROOM_KB: u64 = 1024 * 1024;

const READY_WITHIN: Duration = Duration::from_secs(30);
const STOPPED_WITHIN: Duration = Duration::from_secs(20);
const ASK_AGAIN: Duration = Duration::from_millis(50);

/// Tests of what is true of SQLite alone: its files, and backups that are copies of them.
const OF_SQLITE: &str = "sqlite::";

/// How the cluster is made. Text is sorted as people in England read it, so that nothing rests on the order of bytes.
const MADE: [&str; 8] = [
    "--username=chorus",
    "--auth=password",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--locale-provider=icu",
    "--icu-locale=en-GB",
    "--no-sync",
    "--no-instructions",
];

/// How it runs: nothing of it has to outlive a power cut, and nothing but a test looks after its tables.
const RUNS: [&str; 11] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_size=128MB",
    "max_wal_senders=0",
    "autovacuum=off",
    "jit=off",
    "log_checkpoints=off",
];

/// A test has the writer's connection, up to four for reading, and a few of its own; one runs on each processor.
const CONNECTIONS_OF_A_TEST: usize = 12;
const OTHER_CONNECTIONS: usize = 20;

/// `postgres`: this part of the check alone.
pub fn alone(filter: &[String]) -> Result<()> {
    dev::build_server()?;
    tests(filter)
}

/// Runs the HTTP tests on PostgreSQL: those whose name has `filter` in it, or all. The server that some of them start is
/// built already.
pub fn tests(filter: &[String]) -> Result<()> {
    let cluster = Cluster::start()?;
    run::run(
        run::cargo()
            .args(["test", "--test", "it", "--"])
            .args(filter)
            .args(["--skip", OF_SQLITE])
            .env("CHORUS_PROGRAM", repo::server_program())
            .env("CHORUS_TEST_DATABASE", cluster.address()),
    )
    .with_context(|| format!("what PostgreSQL said is in {}", log().display()))
}

/// A running cluster; it stops, and its folder goes, when this is dropped.
struct Cluster {
    process: Child,
    folder: PathBuf,
    port: u16,
    password: String,
}

/// Who runs it: PostgreSQL refuses to run as root.
#[derive(Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

impl Cluster {
    fn start() -> Result<Self> {
        let programs = install::postgres()?;
        let owner = owner()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = place().join(format!("chorus-postgres-{port}"));
        let password = password()?;
        make(&programs, owner, &folder, &password).inspect_err(|_| remove(&folder))?;
        let process = serve(&programs, owner, &folder, port).inspect_err(|_| remove(&folder))?;
        let mut cluster = Self {
            process,
            folder,
            port,
            password,
        };
        cluster.wait_until_ready(&programs)?;
        Ok(cluster)
    }

    /// `postgres://…`, without a database.
    fn address(&self) -> String {
        format!(
            "postgres://chorus:{}@127.0.0.1:{}",
            self.password, self.port
        )
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Result<()> {
        let start = Instant::now();
        let port = self.port.to_string();
        let asks = ["--quiet", "--host=127.0.0.1", "--port", &port];
        while !Command::new(programs.join("pg_isready"))
            .args(asks)
            .status()
            .context("cannot start pg_isready")?
            .success()
        {
            if let Some(status) = self.process.try_wait()? {
                bail!(
                    "PostgreSQL ended at once with {status}; what it said is in {}",
                    log().display()
                );
            }
            ensure!(
                start.elapsed() < READY_WITHIN,
                "PostgreSQL was not ready within {} s",
                READY_WITHIN.as_secs()
            );
            thread::sleep(ASK_AGAIN);
        }
        Ok(())
    }

    /// Asks it to end at once, with all its connections; true if it did.
    fn ends(&mut self) -> bool {
        let pid = self.process.id().to_string();
        let asked = Command::new("kill").args(["-QUIT", &pid]).status();
        let start = Instant::now();
        while asked.as_ref().is_ok_and(|status| status.success())
            && start.elapsed() < STOPPED_WITHIN
        {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return true;
            }
            thread::sleep(ASK_AGAIN);
        }
        false
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !self.ends() {
            // Its own processes notice that it is gone, and end.
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
        remove(&self.folder);
    }
}

fn place() -> &'static Path {
    let free = run::output("df", &["--output=avail", MEMORY]).and_then(|said| {
        let kb = said.lines().last()?.trim().parse::<u64>();
        kb.ok()
    });
    let has_room = free.is_some_and(|free| free >= ROOM_KB);
    Path::new(if has_room { MEMORY } else { DISK })
}

fn remove(folder: &Path) {
    // Nothing can be done about a folder that cannot be removed.
    let _ = fs::remove_dir_all(folder);
}

/// What PostgreSQL said while the tests ran, for whoever looks into one that did not pass.
fn log() -> PathBuf {
    repo::target().join("postgres.log")
}

/// Makes an empty cluster below `folder`, with one account.
fn make(programs: &Path, owner: Owner, folder: &Path, password: &str) -> Result<()> {
    fs::create_dir(folder).with_context(|| folder.display().to_string())?;
    let secret = folder.join("password");
    fs::write(&secret, password)?;
    for path in [folder, &secret] {
        unix::fs::chown(path, Some(owner.user), Some(owner.group))?;
    }
    let mut initdb = Command::new(programs.join("initdb"));
    initdb
        .args(MADE)
        .arg("--pgdata")
        .arg(folder.join("data"))
        .arg("--pwfile")
        .arg(&secret)
        .current_dir(folder);
    run::run_quietly(owner.runs(&mut initdb))
}

/// Starts it. It ends with this program whatever ends this program: `setpriv` sees to that.
fn serve(programs: &Path, owner: Owner, folder: &Path, port: u16) -> Result<Child> {
    let log = File::create(log())?;
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let connections = OTHER_CONNECTIONS + CONNECTIONS_OF_A_TEST * processors;
    let mut server = Command::new("setpriv");
    server
        .args(["--pdeathsig", "QUIT", "--"])
        .arg(programs.join("postgres"))
        .args(["-p", &port.to_string(), "-N", &connections.to_string()])
        .args(RUNS.iter().flat_map(|setting| ["-c", setting]))
        .arg("-D")
        .arg(folder.join("data"))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    owner
        .runs(&mut server)
        .spawn()
        .context("cannot start PostgreSQL with setpriv")
}

impl Owner {
    fn runs(self, command: &mut Command) -> &mut Command {
        command.uid(self.user).gid(self.group)
    }
}

/// Whoever runs this, or for root the account that PostgreSQL's package made.
fn owner() -> Result<Owner> {
    let id = |args: &[&str]| run::output("id", args)?.parse::<u32>().ok();
    let whose = |which: &[&str]| {
        let user = id(&[&["-u"], which].concat())?;
        let group = id(&[&["-g"], which].concat())?;
        Some(Owner { user, group })
    };
    match whose(&[]) {
        Some(owner) if owner.user != 0 => Ok(owner),
        _ => whose(&["postgres"]).context(
            "PostgreSQL does not run as root, and there is no account `postgres` that it could run as",
        ),
    }
}

/// Others on this machine may reach the port: none of them may write where the tests do.
fn password() -> Result<String> {
    let mut bytes = [0_u8; 16];
    let mut random = File::open("/dev/urandom")?;
    std::io::Read::read_exact(&mut random, &mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
