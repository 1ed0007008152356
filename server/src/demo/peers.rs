//! The demo's peer support: somebody who would like to talk to a peer, and a peer whom staff can ask once a phone of
//! theirs has a PIN. Their names say that they are made up, and no phone is theirs.

use crate::{
    db::{
        members::{self, MemberRow},
        peers::{self, asks, supporters},
    },
    error::Error,
};
use app::{
    domain::{
        id::{MemberId, PeerAskId, StaffId},
        peer::Ask,
        time::Millis,
    },
    lang::en::peers as words,
};
use sqlx::AnyConnection;
use uuid::Uuid;

const HOUR_MS: Millis = 60 * 60 * 1000;

/// Adds both; `by` looks after the peer.
///
/// # Errors
/// What the database says.
pub async fn fill(tx: &mut AnyConnection, by: StaffId, now: Millis) -> Result<(), Error> {
    peers::add_agreement(&mut *tx, words::BUILT_IN_AGREEMENT.get(), (by, now)).await?;
    let peer = joins(&mut *tx, "Jay (made up)", now).await?;
    supporters::make(&mut *tx, peer, (by, now)).await?;
    let training = ("Listening well, two days", "2026-05-14");
    supporters::train(&mut *tx, peer, training).await?;
    supporters::supervise(&mut *tx, peer, by).await?;
    supporters::agree(&mut *tx, peer, 1, now - 48 * HOUR_MS).await?;
    let says = "I have had hard nights too. I like walking, and I don't mind silence.";
    supporters::says(&mut *tx, peer, Some(&says.to_owned())).await?;
    let asker = joins(&mut *tx, "Sol (made up)", now).await?;
    let ask = Ask {
        ask: PeerAskId(Uuid::now_v7()),
        about: Some("Coming home from the ward. The evenings are long.".to_owned()),
        show_about: true,
        suits: Some("Evenings, not Tuesdays.".to_owned()),
        not_with: Some("Nobody from the gardening group, please.".to_owned()),
        contact: None,
        show_contact: false,
    };
    asks::add(tx, asker, &ask, now - 5 * HOUR_MS).await
}

async fn joins(tx: &mut AnyConnection, name: &str, now: Millis) -> Result<MemberId, Error> {
    let member = MemberRow {
        id: MemberId(Uuid::now_v7()),
        name: Some(name.to_owned()),
        team: None,
    };
    members::add(tx, &member, now).await?;
    Ok(member.id)
}
