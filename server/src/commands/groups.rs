//! What members do in involvement groups: loaded with their other commands, decided by `app::domain::group`,
//! and written one by one, in order: there are few of them.

use crate::{
    db::{
        groups::{
            self,
            messages::{self, Writer},
            people,
        },
        withdrawn,
    },
    error::Error,
    state::Arrival,
};
use app::domain::{
    group::{
        Belongs, Change, GroupAct, InGroup, KnownMessage, KnownPerson, MessageState, Stands, decide,
    },
    id::{GroupId, MemberId, PersonId},
    record::kind,
    refusal::Refusal,
    time::Millis,
};
use sqlx::AnyConnection;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What is to be loaded for acts in groups.
#[derive(Debug, Default)]
pub struct Wanted {
    members: HashSet<(GroupId, MemberId)>,
    people: HashSet<(GroupId, PersonId)>,
    messages: HashSet<Uuid>,
}

impl Wanted {
    /// How a group stands for a member.
    pub fn add_member(&mut self, group: GroupId, member: MemberId) {
        self.members.insert((group, member));
    }

    /// What an act of `member` touches.
    pub fn add(&mut self, member: MemberId, it: &InGroup) {
        self.members.insert((it.group, member));
        self.messages.extend(it.message);
        let person = it.person.map(|person| (it.group, person));
        self.people.extend(person);
    }
}

/// Groups as loaded, with what was decided so far.
#[derive(Debug, Default)]
pub struct Groups {
    stands: HashMap<(GroupId, MemberId), Stands>,
    people: HashSet<(GroupId, PersonId)>,
    messages: HashMap<Uuid, KnownMessage>,
    changes: Vec<(MemberId, InGroup, Change)>,
}

impl Groups {
    /// Loads what is wanted.
    ///
    /// # Errors
    /// What the database says.
    pub async fn load(connection: &mut AnyConnection, wanted: Wanted) -> Result<Self, Error> {
        let mut loaded = Self::default();
        for (group, member) in wanted.members {
            let Some(row) = groups::find(&mut *connection, group).await? else {
                continue;
            };
            let me = people::of_member(&mut *connection, group, member).await?;
            let stands = Stands {
                state: row.record.state,
                agreement: row.record.agreement.version,
                me: me.map(|me| me.known()),
            };
            loaded.stands.insert((group, member), stands);
        }
        for (group, person) in wanted.people {
            if people::find(&mut *connection, group, person)
                .await?
                .is_some()
            {
                loaded.people.insert((group, person));
            }
        }
        for id in wanted.messages {
            if let Some(row) = messages::find(&mut *connection, id).await? {
                loaded.messages.insert(id, row.known());
            }
        }
        Ok(loaded)
    }

    /// How a group stands for a member, with what was decided so far.
    pub fn stands(&self, group: GroupId, member: MemberId) -> Option<Stands> {
        self.stands.get(&(group, member)).copied()
    }

    /// Runs the rules for one act, and notes what they changed. `was_taken_back`: the member took the message back
    /// before it came.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn decide(
        &mut self,
        member: MemberId,
        it: &InGroup,
        was_taken_back: bool,
    ) -> Result<(), Refusal> {
        let mark = KnownMessage {
            group: it.group,
            member: Some(member),
            state: MessageState::TakenBack,
        };
        let known = it.message.and_then(|id| self.messages.get(&id).copied());
        let known = known.or(was_taken_back.then_some(mark));
        let stands = self.stands(it.group, member);
        let person = it.person.map(|person| (it.group, person));
        let known_person = person.is_some_and(|person| self.people.contains(&person));
        let change = decide(member, it, stands, known, known_person)?;
        if change == Change::Nothing {
            return Ok(());
        }
        self.note(member, it, change);
        self.changes.push((member, it.clone(), change));
        Ok(())
    }

    /// What comes after in the same group of commands is decided with this.
    fn note(&mut self, member: MemberId, it: &InGroup, change: Change) {
        if let Some(stands) = self.stands.get_mut(&(it.group, member)) {
            stands.me = change_person(stands.me, it, change);
        }
        let state = match change {
            Change::Adds | Change::Shows => MessageState::Shown,
            Change::Hides => MessageState::Hidden,
            Change::TakesBack | Change::Mark => MessageState::TakenBack,
            _ => return,
        };
        let Some(id) = it.message else { return };
        let known = self.messages.entry(id).or_insert(KnownMessage {
            group: it.group,
            member: Some(member),
            state,
        });
        known.state = state;
    }

    /// Writes all that was decided; says what the desk should look at again.
    ///
    /// # Errors
    /// What the database says.
    pub async fn write(
        self,
        transaction: &mut AnyConnection,
        now: Millis,
    ) -> Result<Vec<Arrival>, Error> {
        let mut arrivals = Vec::new();
        for (member, it, change) in self.changes {
            let group = it.group;
            write(&mut *transaction, member, it, change, now).await?;
            arrivals.push(Arrival::Group(group));
        }
        Ok(arrivals)
    }
}

fn change_person(me: Option<KnownPerson>, it: &InGroup, change: Change) -> Option<KnownPerson> {
    match (change, me) {
        (Change::Joins, me) => Some(KnownPerson {
            // Who is new is given an id when they are written.
            id: me.map_or(PersonId(Uuid::nil()), |me| me.id),
            belongs: Belongs::In,
            agreement: it.agreement.unwrap_or_default(),
            leads: false,
            paused: me.is_some_and(|me| me.paused),
        }),
        (Change::Agrees(agreement), Some(me)) => Some(KnownPerson { agreement, ..me }),
        (Change::Leaves, Some(me)) => Some(KnownPerson {
            belongs: Belongs::Left,
            leads: false,
            ..me
        }),
        (_, me) => me,
    }
}

async fn write(
    tx: &mut AnyConnection,
    member: MemberId,
    it: InGroup,
    change: Change,
    now: Millis,
) -> Result<(), Error> {
    let group = it.group;
    let words = it.words.as_deref().unwrap_or_default().trim();
    match change {
        Change::Nothing => return Ok(()),
        Change::Joins => {
            let agreement = it.agreement.unwrap_or_default();
            return people::join(tx, group, member, agreement, now).await;
        }
        Change::Agrees(version) => return people::agree(tx, group, member, version).await,
        Change::Leaves => return people::leave(tx, group, member, now).await,
        Change::Mutes | Change::Unmutes => {
            let person = it.person.ok_or(Error::NotFound)?;
            let mutes = it.act == GroupAct::Mute;
            return people::mute(tx, member, (group, person), mutes).await;
        }
        _ => {}
    }
    let message = it.message.ok_or(Error::NotFound)?;
    match change {
        Change::TakesBack => return messages::take_back(tx, message).await,
        Change::Mark => {
            let mark = (member, kind::GROUP_MESSAGE, message);
            return withdrawn::write(tx, &[mark], now).await;
        }
        _ => {}
    }
    let me = people::of_member(&mut *tx, group, member).await?;
    let me = me.ok_or(Error::NotFound)?.id;
    match change {
        Change::Adds => messages::add(tx, message, group, Writer::Person(me), words, now).await,
        Change::Reports => messages::report(tx, message, me, words, now).await,
        Change::Hides => messages::hide(tx, message, me.0, words, now).await,
        Change::Shows => messages::show(tx, message).await,
        _ => messages::looked(tx, message, me.0, now).await,
    }
}
