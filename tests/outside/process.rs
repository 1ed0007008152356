//! The server's process: started, killed and started again on the same data.

use super::http::{self, Connection};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    time::{Instant, MissedTickBehavior, interval},
};

/// How long a start may take before it counts as failed.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// How often a starting server is asked whether it is ready.
const ASK_EVERY: Duration = Duration::from_millis(5);

/// The demo server on a folder of its own. Its process ends with this.
#[derive(Debug)]
pub struct Server {
    program: PathBuf,
    folder: PathBuf,
    address: SocketAddr,
    settings: Vec<(&'static str, String)>,
    process: Child,
}

/// What the kernel says about a process's memory, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Memory {
    /// Resident now.
    pub resident: u64,
    /// The most that was ever resident.
    pub peak: u64,
}

/// Where the built server is: what `CHORUS_PROGRAM` says, or the workspace's build of this profile.
///
/// # Errors
/// It is not built; the message says how to.
pub fn program(profile: &str) -> Result<PathBuf> {
    let built = || {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        tests.join("../target").join(profile).join("chorus")
    };
    let program = std::env::var_os("CHORUS_PROGRAM").map_or_else(built, PathBuf::from);
    ensure!(
        program.is_file(),
        "the server is not built: there is no {}. `cargo build --bin chorus` builds it, and so does \
         `cargo xtask test`.",
        program.display()
    );
    Ok(program)
}

impl Server {
    /// Starts `program` with the demo's people on data in `folder`, and waits until it is ready.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start(program: &Path, folder: &Path) -> Result<Self> {
        Self::start_with(program, folder, Vec::new()).await
    }

    /// The same, with these environment variables at this start and all later ones.
    ///
    /// # Errors
    /// It does not start.
    pub async fn start_with(
        program: &Path,
        folder: &Path,
        settings: Vec<(&'static str, String)>,
    ) -> Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let process = spawn(program, folder, address, &settings)?;
        let mut server = Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            address,
            settings,
            process,
        };
        server.wait_until_ready().await?;
        Ok(server)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the process with SIGKILL: it has no chance to finish anything.
    ///
    /// # Errors
    /// It had ended by itself.
    pub async fn kill(&mut self) -> Result<()> {
        if let Some(status) = self.process.try_wait()? {
            bail!("the server ended by itself with {status}: {}", self.log());
        }
        Ok(self.process.kill().await?)
    }

    /// Starts again where it was, on the data that are there, and waits until it is ready.
    ///
    /// # Errors
    /// It does not start.
    pub async fn restart(&mut self) -> Result<()> {
        self.process = spawn(&self.program, &self.folder, self.address, &self.settings)?;
        self.wait_until_ready().await
    }

    /// Where it runs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The SQLite file.
    pub fn database(&self) -> PathBuf {
        self.folder.join("data/chorus.db")
    }

    /// The process's memory.
    ///
    /// # Errors
    /// It ended, or this is no Linux.
    pub fn memory(&self) -> Result<Memory> {
        let status = std::fs::read_to_string(self.proc("status")?)?;
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kilobytes =
                line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
            kilobytes
                .map(|kilobytes| kilobytes * 1024)
                .context("no such line in /proc")
        };
        Ok(Memory {
            resident: bytes("VmRSS:")?,
            peak: bytes("VmHWM:")?,
        })
    }

    /// How long the process has kept processors busy.
    ///
    /// # Errors
    /// It ended, or this is no Linux.
    pub fn busy(&self) -> Result<Duration> {
        busy(&self.proc("stat")?)
    }

    /// The end of what the server said.
    pub fn log(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    fn proc(&self, file: &str) -> Result<PathBuf> {
        let id = self.process.id().context("the server has ended")?;
        Ok(PathBuf::from(format!("/proc/{id}/{file}")))
    }

    async fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        let mut ask = interval(ASK_EVERY);
        ask.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !self.is_ready().await {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended at once with {status}: {}", self.log());
            }
            if start.elapsed() > READY_WITHIN {
                bail!("the server was not ready in time: {}", self.log());
            }
            ask.tick().await;
        }
        Ok(())
    }

    async fn is_ready(&self) -> bool {
        let request = http::get(self.address, "/health/ready");
        let answer = async { Connection::open(self.address).await?.ask(&request).await };
        answer.await.is_ok_and(|answer| answer.status == 200)
    }
}

/// How long this process has kept processors busy.
///
/// # Errors
/// This is no Linux.
pub fn own_busy() -> Result<Duration> {
    busy(Path::new("/proc/self/stat"))
}

fn busy(stat: &Path) -> Result<Duration> {
    /// Linux tells programs about time in hundredths of a second, whatever it counts in itself.
    const TICK_MS: u64 = 10;
    let stat = std::fs::read_to_string(stat)?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<u64> = after_name
        .split_whitespace()
        .map(|field| field.parse().unwrap_or_default())
        .collect();
    let user_and_system = fields.get(11..13).context("no times in /proc")?;
    let ticks: u64 = user_and_system.iter().sum();
    Ok(Duration::from_millis(ticks * TICK_MS))
}

fn spawn(
    program: &Path,
    folder: &Path,
    address: SocketAddr,
    settings: &[(&'static str, String)],
) -> Result<Child> {
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.join("log"))?;
    Command::new(program)
        .args(["serve", "--demo", "--data-dir", "data"])
        .args(["--listen", &address.to_string()])
        .current_dir(folder)
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("cannot start {}", program.display()))
}
