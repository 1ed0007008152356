//! A real server on a free port, asked over plain HTTP: for what can only be known from outside.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

const READY_WITHIN: Duration = Duration::from_secs(30);
const ASK_AGAIN: Duration = Duration::from_millis(50);
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// A running demo server with an empty folder of its own; both go when this is dropped.
pub struct Server {
    process: Child,
    port: u16,
    folder: PathBuf,
}

/// What it answered.
pub struct Answer {
    /// `200`.
    pub status: u16,
    /// As received, lower case.
    pub head: String,
    /// As received: compressed if `head` says so.
    pub body: Vec<u8>,
}

impl Server {
    /// Starts `program` in an empty folder, where it finds nothing but itself, and waits until it is ready.
    pub fn start(program: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let folder = std::env::temp_dir().join(format!("chorus-probe-{port}"));
        fs::create_dir_all(&folder)?;
        let process = Command::new(program)
            .args(["serve", "--demo", "--listen", &format!("127.0.0.1:{port}")])
            .args(["--data-dir", "data"])
            .current_dir(&folder)
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut server = Self {
            process,
            port,
            folder,
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        while !self
            .get("/health/ready")
            .is_ok_and(|answer| answer.status == 200)
        {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended at once with {status}");
            }
            if start.elapsed() > READY_WITHIN {
                bail!(
                    "the server was not ready within {} s",
                    READY_WITHIN.as_secs()
                );
            }
            thread::sleep(ASK_AGAIN);
        }
        Ok(())
    }

    /// One GET, as a browser that takes brotli would ask.
    pub fn get(&self, address: &str) -> Result<Answer> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        // HTTP/1.0, so that the body is what comes until the end, in one piece.
        write!(
            stream,
            "GET {address} HTTP/1.0\r\nHost: 127.0.0.1:{}\r\nAccept-Encoding: br\r\n\r\n",
            self.port
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        parse(&answer).with_context(|| format!("{address} was not answered"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing can be done about a server that is gone already, or a folder that cannot be removed.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Answer {
    /// The body as the page's reader sees it.
    pub fn content(&self) -> Result<Vec<u8>> {
        if !self.head.contains("\ncontent-encoding: br") {
            return Ok(self.body.clone());
        }
        let mut content = Vec::new();
        brotli::BrotliDecompress(&mut self.body.as_slice(), &mut content)?;
        Ok(content)
    }
}

fn parse(answer: &[u8]) -> Result<Answer> {
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .context("there is no end of the head")?;
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let status = head.split(' ').nth(1).context("there is no status")?;
    Ok(Answer {
        status: status.parse()?,
        body: answer[end + 4..].to_vec(),
        head,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_split_into_status_head_and_body() {
        let answer =
            parse(b"HTTP/1.0 404 Not Found\r\nContent-Type: text/plain\r\n\r\nno\r\n\r\n").unwrap();
        assert_eq!(answer.status, 404);
        assert!(answer.head.contains("content-type: text/plain"));
        assert_eq!(answer.body, b"no\r\n\r\n");
        assert!(parse(b"nonsense").is_err());
    }

    #[test]
    fn a_compressed_body_is_read_as_its_content() {
        let mut body = Vec::new();
        brotli::CompressorWriter::new(&mut body, 4096, 5, 22)
            .write_all(b"page")
            .unwrap();
        let mut answer = b"HTTP/1.0 200 OK\r\nContent-Encoding: br\r\n\r\n".to_vec();
        answer.extend(body);
        assert_eq!(parse(&answer).unwrap().content().unwrap(), b"page");
    }
}
