//! A mail server on this machine, with enough of SMTP to take a mail, and moods in which it does not.

use anyhow::Result;
use std::{net::SocketAddr, sync::Arc};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{AbortHandle, JoinSet},
};

/// How it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It takes every mail.
    Takes,
    /// It asks to come again: 451 to each recipient.
    Busy,
    /// It knows no recipient: 550.
    Refuses,
    /// It reads a whole mail and closes the line without a word.
    HangsUp,
    /// It reads a whole mail and never answers.
    Silent,
}

/// A mail whose last byte arrived, whatever was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mail {
    /// The addresses of the envelope.
    pub to: Vec<String>,
    /// Headers and body as they came.
    pub data: String,
}

/// The server. It ends with this.
#[derive(Debug)]
pub struct Smtp {
    /// Where it listens.
    pub address: SocketAddr,
    mood: Arc<watch::Sender<Mood>>,
    /// Every mail whose last byte arrived.
    pub mails: Arc<watch::Sender<Vec<Mail>>>,
    /// How many connections there were.
    pub talks: Arc<watch::Sender<usize>>,
    listening: Option<AbortHandle>,
}

impl Smtp {
    /// Starts it on a free port.
    ///
    /// # Errors
    /// There is no port.
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let mut smtp = Self {
            address: listener.local_addr()?,
            mood: Arc::new(watch::Sender::new(Mood::Takes)),
            mails: Arc::default(),
            talks: Arc::default(),
            listening: None,
        };
        smtp.listen(listener);
        Ok(smtp)
    }

    /// As `--smtp-url` wants it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// From the next talk on it answers like this.
    pub fn mood(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }

    /// It is gone: connections are refused.
    pub fn goes_down(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
        }
    }

    /// It is there again, on the same port.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn comes_up(&mut self) -> Result<()> {
        self.goes_down();
        let listener = loop {
            // The old socket closes when its task has ended.
            match TcpListener::bind(self.address).await {
                Ok(listener) => break listener,
                Err(taken) if taken.kind() == std::io::ErrorKind::AddrInUse => {
                    tokio::task::yield_now().await;
                }
                Err(other) => return Err(other.into()),
            }
        };
        self.listen(listener);
        Ok(())
    }

    /// The mails so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.mails.borrow().clone()
    }

    fn listen(&mut self, listener: TcpListener) {
        let (mood, mails, talks) = (self.mood.clone(), self.mails.clone(), self.talks.clone());
        let task = tokio::spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                talks.send_modify(|count| *count += 1);
                open.spawn(talk(stream, *mood.borrow(), mails.clone()));
            }
        });
        self.listening = Some(task.abort_handle());
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        self.goes_down();
    }
}

async fn talk(stream: TcpStream, mood: Mood, mails: Arc<watch::Sender<Vec<Mail>>>) -> Option<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    writing.write_all(b"220 here\r\n").await.ok()?;
    let mut mail = Mail::default();
    while let Some(line) = lines.next_line().await.ok()? {
        let word = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_uppercase();
        let answer = match (word.as_str(), mood) {
            ("EHLO", _) => "250-here\r\n250 8BITMIME",
            ("RCPT", Mood::Busy) => "451 come again, secret words of the server",
            ("RCPT", Mood::Refuses) => "550 nobody here, secret words of the server",
            ("RCPT", _) => {
                mail.to.push(line);
                "250 fine"
            }
            ("DATA", _) => {
                writing.write_all(b"354 go on\r\n").await.ok()?;
                while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                    mail.data.push_str(&line);
                    mail.data.push('\n');
                }
                let whole = std::mem::take(&mut mail);
                mails.send_modify(|mails| mails.push(whole));
                match mood {
                    Mood::HangsUp => return None,
                    Mood::Silent => std::future::pending().await,
                    _ => "250 taken",
                }
            }
            ("QUIT", _) => {
                writing.write_all(b"221 bye\r\n").await.ok()?;
                return Some(());
            }
            _ => "250 fine",
        };
        writing
            .write_all(format!("{answer}\r\n").as_bytes())
            .await
            .ok()?;
    }
    Some(())
}
