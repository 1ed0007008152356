//! What members do about peer support: loaded with their other commands, decided by `app::domain::peer`, and written
//! one by one, in order: there are few of them.

use super::safety;
use crate::{
    db::{
        feed::{self, Entry},
        peers::{
            self, asks,
            matches::{self, MatchRow},
            messages, peer_scope, supporters,
        },
        safety::records::{About, NewEntry, Thing, Written},
        withdrawn,
        word::json,
    },
    error::Error,
    state::Arrival,
};
use app::{
    domain::{
        id::{MemberId, PeerAskId, PeerMatchId, StaffId},
        peer::{
            AskState, Change, Does, KnownAsk, KnownMatch, KnownMessage, KnownSupporter, MatchState,
            PeerWorry, Side, Standing, decide, without,
        },
        record::kind,
        refusal::Refusal,
        time::{Millis, rfc3339},
    },
    lang::en::peers as words,
};
use sqlx::AnyConnection;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What is to be loaded for what members do about peer support.
#[derive(Debug, Default)]
pub struct Wanted {
    members: BTreeSet<MemberId>,
    asks: BTreeSet<PeerAskId>,
    matches: BTreeSet<PeerMatchId>,
    messages: BTreeSet<Uuid>,
}

impl Wanted {
    /// What something that `member` does touches.
    pub fn add(&mut self, member: MemberId, it: &Does) {
        self.members.insert(member);
        match it {
            Does::Ask(it) => {
                self.asks.insert(it.ask);
            }
            Does::Withdraw(id) | Does::KeepLooking(id) => {
                self.asks.insert(*id);
            }
            Does::Yes(id) | Does::NotThisTime(id) | Does::End(id) | Does::Look(id) => {
                self.matches.insert(*id);
            }
            Does::Write {
                message,
                peer_match,
                ..
            }
            | Does::TakeBack {
                message,
                peer_match,
            } => {
                self.messages.insert(*message);
                self.matches.insert(*peer_match);
            }
            Does::Worry { peer_match, .. } => self.matches.extend(peer_match),
            Does::Agree { .. } | Does::About { .. } | Does::Pause { .. } => {}
        }
    }
}

/// Asks, matches and who supports others, as loaded, with what was decided so far.
#[derive(Debug, Default)]
pub struct Peers {
    asks: HashMap<PeerAskId, KnownAsk>,
    matches: HashMap<PeerMatchId, KnownMatch>,
    messages: HashMap<Uuid, KnownMessage>,
    supporters: HashMap<MemberId, KnownSupporter>,
    changes: Vec<(MemberId, Does, Change)>,
}

impl Peers {
    /// Loads what is wanted.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(connection: &mut AnyConnection, mut wanted: Wanted) -> Result<Self, Error> {
        let mut loaded = Self::default();
        if wanted.members.is_empty() {
            return Ok(loaded);
        }
        let agreement = peers::agreement(&mut *connection).await?;
        let agreement = agreement.map_or(0, |it| it.version);
        for member in &wanted.members {
            wanted
                .asks
                .extend(asks::open_of(&mut *connection, *member).await?);
            if let Some(row) = supporters::find(&mut *connection, *member).await? {
                loaded.supporters.insert(*member, row.known(agreement));
                let own = matches::of_peer(&mut *connection, *member).await?;
                loaded
                    .matches
                    .extend(own.iter().map(|row| (row.id, row.known())));
            }
        }
        for id in wanted.matches {
            if let Some(row) = matches::find(&mut *connection, id).await? {
                wanted.asks.insert(row.ask);
            }
        }
        wanted
            .asks
            .extend(loaded.matches.values().map(|row| row.ask));
        for id in wanted.asks {
            if let Some(row) = asks::find(&mut *connection, id).await? {
                loaded.asks.insert(id, row.known());
            }
            let all = matches::of_ask(&mut *connection, id).await?;
            loaded
                .matches
                .extend(all.iter().map(|row| (row.id, row.known())));
        }
        for id in wanted.messages {
            loaded.load_message(&mut *connection, id).await?;
        }
        Ok(loaded)
    }

    async fn load_message(
        &mut self,
        connection: &mut AnyConnection,
        id: Uuid,
    ) -> Result<(), Error> {
        let Some(row) = messages::find(&mut *connection, id).await? else {
            return Ok(());
        };
        let of = matches::find(connection, row.peer_match).await?;
        let of = of.ok_or(Error::NotFound)?;
        self.messages.insert(id, row.known(&of));
        Ok(())
    }

    /// Runs the rules for one thing that is done, and notes what they changed. `is_marked`: the member took it back
    /// before it came.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn decide(
        &mut self,
        member: MemberId,
        it: &Does,
        is_marked: impl Fn(&'static str, Uuid) -> bool,
    ) -> Result<(), Refusal> {
        let here = self.standing(member, it, is_marked);
        let change = decide(member, it, &here)?;
        if change != Change::Nothing {
            self.note(member, it, change);
            self.changes.push((member, it.clone(), change));
        }
        Ok(())
    }

    fn standing(
        &self,
        member: MemberId,
        it: &Does,
        is_marked: impl Fn(&'static str, Uuid) -> bool,
    ) -> Standing {
        let mut here = Standing {
            supporter: self.supporters.get(&member).copied(),
            ..Standing::default()
        };
        if let Some(id) = ask_of(it) {
            let withdrawn = KnownAsk {
                member,
                state: AskState::Withdrawn,
            };
            let mark = is_marked(kind::PEER_ASK, id.0).then_some(withdrawn);
            here.ask = self.asks.get(&id).copied().or(mark);
            let other = |(one, known): (&PeerAskId, &KnownAsk)| {
                *one != id && known.member == member && known.state.is_open()
            };
            here.has_open = self.asks.iter().any(other);
        }
        if let Some(id) = match_of(it) {
            here.peer_match = self.matches.get(&id).copied();
        }
        if let Does::Write { message, .. } | Does::TakeBack { message, .. } = it {
            let taken_back = KnownMessage {
                member,
                taken_back: true,
            };
            let mark = is_marked(kind::PEER_MESSAGE, *message).then_some(taken_back);
            here.message = self.messages.get(message).copied().or(mark);
        }
        here
    }

    /// What comes after in the same group of commands is decided with this.
    fn note(&mut self, member: MemberId, it: &Does, change: Change) {
        match (it, change) {
            (Does::Ask(it), _) => self.stands(it.ask, member, AskState::Sent),
            (Does::Withdraw(id), _) => {
                self.stands(*id, member, AskState::Withdrawn);
                self.end_matches(|known| known.ask == *id);
            }
            (Does::KeepLooking(id), _) => self.stands(*id, member, AskState::Sent),
            (_, Change::Moves(state)) => {
                let known = match_of(it).and_then(|id| self.matches.get_mut(&id));
                if let Some(known) = known {
                    known.state = state;
                    let (ask, of) = (known.ask, known.member);
                    self.stands(ask, of, state.of_ask());
                }
            }
            (Does::Write { message, .. } | Does::TakeBack { message, .. }, change) => {
                let taken_back = change != Change::Writes;
                self.messages
                    .insert(*message, KnownMessage { member, taken_back });
            }
            (_, Change::Pauses(true)) => {
                self.end_matches(|known| known.peer == member && known.state.is_asked());
            }
            (_, Change::Agrees(version)) => {
                if let Some(known) = self.supporters.get_mut(&member) {
                    known.agreed = Some(version);
                }
            }
            _ => {}
        }
    }

    fn stands(&mut self, id: PeerAskId, member: MemberId, state: AskState) {
        let known = self.asks.entry(id).or_insert(KnownAsk { member, state });
        if known.state != AskState::Withdrawn {
            known.state = state;
        }
    }

    fn end_matches(&mut self, which: impl Fn(&KnownMatch) -> bool) {
        let mut over = Vec::new();
        for known in self.matches.values_mut().filter(|known| which(known)) {
            if let Some(state) = without(known.state) {
                known.state = state;
                over.push((known.ask, known.member, state));
            }
        }
        for (ask, member, state) in over {
            self.stands(ask, member, state.of_ask());
        }
    }

    /// Writes all that was decided; says what the desk should look at again.
    ///
    /// # Errors
    /// What the database says.
    pub async fn write(
        mut self,
        tx: &mut AnyConnection,
        now: Millis,
    ) -> Result<Vec<Arrival>, Error> {
        let mut arrivals = Vec::new();
        for (member, it, change) in std::mem::take(&mut self.changes) {
            arrivals.push(match change {
                Change::Worries => Arrival::Safety,
                _ => Arrival::Peers,
            });
            write_one(&mut *tx, member, &it, change, now).await?;
        }
        Ok(arrivals)
    }
}

fn ask_of(it: &Does) -> Option<PeerAskId> {
    match it {
        Does::Ask(it) => Some(it.ask),
        Does::Withdraw(id) | Does::KeepLooking(id) => Some(*id),
        _ => None,
    }
}

fn match_of(it: &Does) -> Option<PeerMatchId> {
    match it {
        Does::Yes(id) | Does::NotThisTime(id) | Does::End(id) | Does::Look(id) => Some(*id),
        Does::Write { peer_match, .. } | Does::TakeBack { peer_match, .. } => Some(*peer_match),
        Does::Worry { peer_match, .. } => *peer_match,
        _ => None,
    }
}

async fn write_one(
    tx: &mut AnyConnection,
    member: MemberId,
    it: &Does,
    change: Change,
    now: Millis,
) -> Result<(), Error> {
    match (it, change) {
        (Does::Ask(it), Change::Adds) => asks::add(tx, member, it, now).await,
        (Does::Withdraw(id), Change::Withdraws) => asks::withdraw(tx, *id, now).await,
        (Does::Withdraw(id), _) => {
            withdrawn::write(tx, &[(member, kind::PEER_ASK, id.0)], now).await
        }
        (Does::KeepLooking(id), _) => {
            asks::stand(tx, *id, AskState::Sent, asks::With::default(), now).await
        }
        (_, Change::Moves(state)) => match match_of(it) {
            Some(id) => matches::move_to(tx, id, state, now).await,
            None => Ok(()),
        },
        (Does::Look(id), _) => matches::look(tx, *id, Some(now)).await,
        (
            Does::Write {
                message,
                peer_match,
                words,
            },
            _,
        ) => {
            let row = found(&mut *tx, *peer_match).await?;
            let by = row.known().side(member).unwrap_or(Side::Asker);
            messages::add(tx, &row, (*message, by, words), now).await
        }
        (Does::TakeBack { message, .. }, Change::TakesBack) => {
            let row = messages::find(&mut *tx, *message).await?;
            let row = row.ok_or(Error::NotFound)?;
            let of = found(&mut *tx, row.peer_match).await?;
            messages::take_back(tx, &of, row).await
        }
        (Does::TakeBack { message, .. }, _) => {
            let mark = (member, kind::PEER_MESSAGE, *message);
            withdrawn::write(tx, &[mark], now).await
        }
        (
            Does::Worry {
                worry,
                peer_match,
                words,
            },
            _,
        ) => worries(tx, member, (*worry, *peer_match, words), now).await,
        (_, Change::Agrees(version)) => supporters::agree(tx, member, version, now).await,
        (Does::About { about, .. }, _) => supporters::says(tx, member, about.as_ref()).await,
        (_, Change::Pauses(paused)) => pauses(tx, member, paused, now).await,
        _ => Ok(()),
    }
}

async fn found(tx: &mut AnyConnection, id: PeerMatchId) -> Result<MatchRow, Error> {
    matches::find(tx, id).await?.ok_or(Error::NotFound)
}

/// Who takes a break is asked nothing: what waits for them, or for who would talk with them, goes on without them. Who
/// talks with somebody goes on.
async fn pauses(
    tx: &mut AnyConnection,
    member: MemberId,
    paused: bool,
    now: Millis,
) -> Result<(), Error> {
    supporters::pause(&mut *tx, member, paused, now).await?;
    let all = matches::of_peer(&mut *tx, member).await?;
    for row in all
        .iter()
        .filter(|row| paused && row.known().state.is_asked())
    {
        matches::move_to(&mut *tx, row.id, MatchState::NotThisTime, now).await?;
    }
    Ok(())
}

/// What a peer is worried about goes to those whom an admin named, as any such record does. Their own phones are told
/// that it is here.
async fn worries(
    tx: &mut AnyConnection,
    member: MemberId,
    (id, about, said): (Uuid, Option<PeerMatchId>, &str),
    now: Millis,
) -> Result<(), Error> {
    let supporter = supporters::find(&mut *tx, member).await?;
    let supporter = supporter.ok_or(Error::NotFound)?;
    let of = match about {
        Some(id) => matches::find(&mut *tx, id).await?,
        None => None,
    };
    let of = of.filter(|of| of.peer == member);
    let name = supporter.name.filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| words::SOMEBODY.get().to_owned());
    let entry = NewEntry {
        id,
        record: None,
        staff: StaffId(member.0),
        staff_name: words::WORRY_BY.fill(&[("name", &name)]),
        about: of.map(|of| About {
            thing: Thing::PeerMatch(of.id.0),
            member: of.member,
            name: of.member_name,
        }),
        written: Written {
            worry: said.trim().to_owned(),
            ..Written::default()
        },
    };
    safety::write_down_of_peer(&mut *tx, now, entry).await?;
    let told = PeerWorry {
        at: Some(rfc3339(now)),
        words: None,
    };
    let entry = Entry {
        scope: peer_scope(member),
        kind: kind::PEER_WORRY,
        id: id.to_string(),
        body: Some(json(&told)),
        is_new: false,
    };
    feed::write(tx, vec![entry]).await
}
