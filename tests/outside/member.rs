//! A member with a phone, as the server knows them.

use super::http::{self, Connection};
use anyhow::{Context, Result, ensure};
use app::{
    domain::{
        command::Command,
        id::{CommandId, DeviceId, MemberId, TeamId},
    },
    sync::wire::{JoinResponse, PROTOCOL, WireCommand},
};
use serde_json::json;
use std::{fmt::Write, net::SocketAddr};
use uuid::Uuid;

/// The demo's join code that belongs to a team.
pub const CODE: &str = "STAR-DEMO";
/// When every command here was made: the server shows it and orders nothing by it.
const MADE_AT: &str = "2026-11-23T09:12:00+00:00";

/// A joined member.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub id: MemberId,
    /// Their team.
    pub team: TeamId,
    /// Their phone.
    pub device: DeviceId,
    server: SocketAddr,
    cookie: String,
}

impl Member {
    /// Joins with the demo's code.
    ///
    /// # Errors
    /// The server says no, or says something else than the protocol.
    pub async fn join(server: SocketAddr) -> Result<Self> {
        let mut connection = Connection::open(server).await?;
        let body = json!({ "code": CODE, "name": null }).to_string();
        let answer = connection
            .ask(&http::post(server, "/api/join", "", &body))
            .await?;
        let text = String::from_utf8_lossy(&answer.body);
        ensure!(
            answer.status == 200,
            "joining was answered {}: {text}",
            answer.status
        );
        let joined: JoinResponse = serde_json::from_str(&text)?;
        let cookie = answer.header("set-cookie").context("no cookie came")?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Self {
            id: joined.member,
            team: joined.team.context("the code belongs to no team")?,
            device: DeviceId(Uuid::now_v7()),
            server,
            cookie,
        })
    }

    /// The bytes of a sync with these commands, already written as JSON and parted by commas.
    pub fn sync(&self, cursor: Option<&str>, commands: &str) -> Vec<u8> {
        self.post("", &self.envelope(cursor, commands))
    }

    /// The body of such a sync.
    pub fn envelope(&self, cursor: Option<&str>, commands: &str) -> String {
        let (device, member, cursor) = (self.device, self.id, json!(cursor));
        format!(
            r#"{{"protocol":{PROTOCOL},"device":"{device}","member":"{member}","cursor":{cursor},"commands":[{commands}]}}"#
        )
    }

    /// The bytes of a sync with this body; each of `headers` is ended by `\r\n`.
    pub fn post(&self, headers: &str, body: &str) -> Vec<u8> {
        let headers = format!("cookie: {}\r\n{headers}", self.cookie);
        http::post(self.server, "/api/sync", &headers, body)
    }
}

/// A new command as its phone keeps and sends it.
pub fn wire(id: CommandId, seq: u64, command: &Command) -> String {
    let command = WireCommand {
        id,
        seq,
        made_at: MADE_AT.to_owned(),
        kind: command.kind().to_owned(),
        body: command.body(),
    };
    serde_json::to_string(&command).expect("a command of plain fields always serialises")
}

/// Commands one after the other, for [`Member::sync`].
pub fn list<'c>(commands: impl IntoIterator<Item = &'c str>) -> String {
    let mut list = String::new();
    for command in commands {
        let comma = if list.is_empty() { "" } else { "," };
        write!(list, "{comma}{command}").expect("writing to a string cannot fail");
    }
    list
}
