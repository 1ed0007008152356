//! Involvement groups: what each does, who belongs to it, and what its people write to each other.
//!
//! Within a group a person is known by an id of its own ([`PersonId`]), so that nobody can tell that the
//! same person is in another one. What is written is read by the group's people, by those who lead it, and
//! by the member of staff who stands behind them.

use super::{
    command::{Command, naming, put_id, put_words},
    id::{GroupId, MemberId, PersonId},
    opportunity::{Agreement, Area},
    plain::{self, Act, Over, Plain},
    record::kind,
    refusal::Refusal,
    text,
};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

crate::words! {
    /// How far a group has come.
    pub enum GroupState {
        /// Not shown yet.
        Draft "draft",
        /// People join it.
        Open "open",
        /// It goes on, and takes nobody new for now.
        Paused "paused",
        /// It is over. What came of it stays to be read.
        Ended "ended",
    }
}

impl GroupState {
    /// All of them, in the order in which they come.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Open, Self::Paused, Self::Ended];

    /// Whether its people write to each other.
    pub fn goes_on(self) -> bool {
        matches!(self, Self::Open | Self::Paused)
    }
}

/// The `group` record: its public page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The kind of work.
    pub area: Area,
    /// Its name.
    pub title: String,
    /// What it does.
    pub does: String,
    /// Who it is for.
    pub who_for: Option<String>,
    /// When it meets, in words.
    pub meets: Option<String>,
    /// Who leads it, in words.
    pub led_by: Option<String>,
    /// The first name of who of staff is there when the lead is not.
    pub backup: Option<String>,
    /// What came of its work.
    pub came_of_it: Option<String>,
    /// How people treat each other: each agrees before joining.
    pub agreement: Agreement,
    /// How far it has come.
    pub state: GroupState,
}

crate::reads_json!(Group {
    area,
    title,
    does,
    who_for,
    meets,
    led_by,
    backup,
    came_of_it,
    agreement,
    state
});

/// The `membership` record, in the member's own scope while they belong; its id is the group's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Membership {
    /// How the group knows them.
    pub person: Option<PersonId>,
    /// The version of the agreement that they agreed to last.
    pub agreement: u32,
    /// RFC 3339; since when.
    pub since: Option<String>,
    /// Whether they lead it.
    pub leads: bool,
    /// Why they may read and not write for now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused: Option<String>,
    /// `left` on a phone that has not sent yet that they leave; else nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

crate::reads_json!(Membership {
    person,
    agreement,
    since,
    leads,
    paused,
    state
});

/// The `group_person` record, in the group's scope: somebody who belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The group.
    pub group: GroupId,
    /// What they want to be called.
    pub name: Option<String>,
    /// Whether they lead it.
    pub leads: bool,
}

crate::reads_json!(Person { group, name, leads });

crate::words! {
    /// How a message stands.
    pub enum MessageState {
        /// Its people read it.
        Shown "shown",
        /// Whoever leads took it out of sight.
        Hidden "hidden",
        /// Its writer took it back.
        TakenBack "taken_back",
    }
}

/// The `group_message` record, in the group's scope. Only a shown one has its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The group.
    pub group: GroupId,
    /// Who wrote it; none for staff, and on a phone that has not sent it yet.
    pub person: Option<PersonId>,
    /// The first name of who of staff wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
    /// What was written.
    pub words: Option<String>,
    /// RFC 3339; when the server had it.
    pub at: Option<String>,
    /// How it stands.
    pub state: MessageState,
    /// Why it was taken out of sight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// On a phone that has not sent it yet: `group.report`, or `group.looked`. Servers never say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marked: Option<String>,
}

crate::reads_json!(Message {
    group,
    person,
    staff,
    words,
    at,
    state,
    why,
    marked
});

/// The `group_report` record, in the scope of those who lead: somebody asks them to look at a message. Who
/// asked is not said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The group.
    pub group: GroupId,
    /// The message.
    pub message: Uuid,
    /// What is wrong with it.
    pub why: String,
    /// RFC 3339; when.
    pub at: String,
}

crate::reads_json!(Report {
    group,
    message,
    why,
    at
});

/// The `group_mute` record, in the member's own scope; its id is the person's whose writing they don't see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mute {
    /// The group.
    pub group: GroupId,
    /// `unmuted` on a phone that has not sent yet that they want to see it again; else nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

crate::reads_json!(Mute { group, state });

crate::words! {
    /// What a member does in a group, by its kind on the wire.
    pub enum GroupAct {
        /// I'd like to belong, and I agree; also: I agree to what is new.
        Join "group.join",
        /// I don't belong any more.
        Leave "group.leave",
        /// I write to the others.
        Write "group.write",
        /// I take back what I wrote.
        TakeBack "group.take_back",
        /// Please look at this message.
        Report "group.report",
        /// I lead, and take a message out of sight.
        Hide "group.hide",
        /// I lead, and show it again.
        Show "group.show",
        /// I lead, and looked at what was reported.
        Looked "group.looked",
        /// I don't want to see what this person writes.
        Mute "group.mute",
        /// I want to see it again.
        Unmute "group.unmute",
    }
}

/// What phones know of what a member does in a group. Only words are taken back by "Don't send": joining is not, for the
/// same act says yes again to an agreement that changed, and whoever took that back would leave.
pub const ACTS: [Act; 10] = [
    membership(GroupAct::Join, Some(""), Over::Field("agreement")),
    membership(GroupAct::Leave, None, Over::Gone("left")),
    Act {
        undone_by: Some(GroupAct::TakeBack.word()),
        ..message(GroupAct::Write, Some("shown"), Over::Nothing)
    },
    message(GroupAct::TakeBack, None, Over::Gone("taken_back")),
    message(GroupAct::Report, None, Over::Mark),
    message(GroupAct::Hide, None, Over::State("hidden")),
    message(GroupAct::Show, None, Over::State("shown")),
    message(GroupAct::Looked, None, Over::Mark),
    mute(GroupAct::Mute, Some(""), Over::State("")),
    mute(GroupAct::Unmute, None, Over::State("unmuted")),
];

const fn about(
    act: GroupAct,
    record: &'static str,
    ids: &'static [&'static str],
    new: Option<&'static str>,
    over: Over,
) -> Act {
    Act {
        word: act.word(),
        record,
        ids,
        new,
        over,
        undone_by: None,
    }
}

const fn membership(act: GroupAct, new: Option<&'static str>, over: Over) -> Act {
    about(act, kind::MEMBERSHIP, &["group"], new, over)
}

const fn message(act: GroupAct, new: Option<&'static str>, over: Over) -> Act {
    about(act, kind::GROUP_MESSAGE, &["message", "group"], new, over)
}

const fn mute(act: GroupAct, new: Option<&'static str>, over: Over) -> Act {
    about(act, kind::GROUP_MUTE, &["person", "group"], new, over)
}

/// What a member does in a group. One shape for all of it, so that phones carry little code for it: which
/// fields an act needs, [`is_well_formed`](Self::is_well_formed) says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InGroup {
    /// What: on the wire it is the command's kind.
    pub act: GroupAct,
    /// The group.
    pub group: GroupId,
    /// The message: a new id where one is written.
    pub message: Option<Uuid>,
    /// The person of the group whom it is about.
    pub person: Option<PersonId>,
    /// What is written; or why it is reported or hidden.
    pub words: Option<String>,
    /// The version of the agreement that was shown and agreed to.
    pub agreement: Option<u32>,
}

impl InGroup {
    /// An act that says no more than itself.
    pub fn new(act: GroupAct, group: GroupId) -> Self {
        Self {
            act,
            group,
            message: None,
            person: None,
            words: None,
            agreement: None,
        }
    }

    /// The same about a message.
    pub fn about(act: GroupAct, group: GroupId, message: Uuid, words: Option<String>) -> Self {
        Self {
            message: Some(message),
            words,
            ..Self::new(act, group)
        }
    }

    /// Reads the body of a command of this kind.
    ///
    /// # Errors
    /// [`Misshapen`](crate::json::Misshapen): which field.
    pub fn read(act: GroupAct, body: Value) -> Result<Self, crate::json::Misshapen> {
        let mut fields = crate::json::fields_of(body, "group")?;
        let fields = &mut fields;
        let person: Option<Uuid> = crate::json::field(fields, "person")?;
        Ok(Self {
            act,
            group: GroupId(crate::json::field(fields, "group")?),
            message: crate::json::field(fields, "message")?,
            person: person.map(PersonId),
            words: crate::json::field(fields, "words")?,
            agreement: crate::json::field(fields, "agreement")?,
        })
    }

    /// The same, out of a command; none for another kind, or where it does not say what it needs to say.
    pub fn of(it: &Plain) -> Option<Self> {
        let read = Self::read(GroupAct::of_word(it.act.word)?, it.says());
        read.ok().filter(Self::is_well_formed)
    }

    /// The body of the command.
    pub fn body(&self) -> Value {
        let mut body = naming("group", self.group.0);
        if let Some(id) = self.message {
            put_id(&mut body, "message", id);
        }
        if let Some(id) = self.person {
            put_id(&mut body, "person", id.0);
        }
        if self.words.is_some() {
            put_words(&mut body, "words", self.words.as_deref());
        }
        if let Some(version) = self.agreement {
            body["agreement"] = version.into();
        }
        body
    }

    /// Whether it says what it needs to say.
    pub fn is_well_formed(&self) -> bool {
        let words = self.words.as_deref();
        let said = words.is_some_and(|words| !words.trim().is_empty());
        let needs = match self.act {
            GroupAct::Join => self.agreement.is_some(),
            GroupAct::Leave => true,
            GroupAct::Write | GroupAct::Report | GroupAct::Hide => self.message.is_some() && said,
            GroupAct::TakeBack | GroupAct::Show | GroupAct::Looked => self.message.is_some(),
            GroupAct::Mute | GroupAct::Unmute => self.person.is_some(),
        };
        needs && text::fits(words, text::LONG)
    }
}

impl From<InGroup> for Command {
    fn from(it: InGroup) -> Self {
        let act = plain::act(it.act.word()).expect("each act of a group has its line in ACTS");
        let subject = match act.ids[0] {
            "message" => it.message,
            "person" => it.person.map(|person| person.0),
            _ => None,
        };
        Self::Plain(Plain {
            act,
            subject: subject.unwrap_or(it.group.0),
            body: it.body().to_string(),
        })
    }
}

/// Whether somebody belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// They do.
    In,
    /// They did.
    Left,
}

/// What the server knows of a person in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownPerson {
    /// How the group knows them.
    pub id: PersonId,
    /// Whether they belong.
    pub belongs: Belongs,
    /// The version of the agreement that they agreed to last.
    pub agreement: u32,
    /// Whether they lead.
    pub leads: bool,
    /// Whether they may read and not write for now.
    pub paused: bool,
}

/// How a group stands for one member: what all acts are decided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stands {
    /// How far the group has come.
    pub state: GroupState,
    /// The version of the agreement now.
    pub agreement: u32,
    /// The member in it, if they ever belonged.
    pub me: Option<KnownPerson>,
}

impl Stands {
    /// The member, if they belong now.
    ///
    /// # Errors
    /// [`Refusal::NotInGroup`].
    pub fn inside(&self) -> Result<KnownPerson, Refusal> {
        let me = self.me.filter(|me| me.belongs == Belongs::In);
        me.ok_or(Refusal::NotInGroup)
    }

    /// The member, if they may write in it now.
    ///
    /// # Errors
    /// [`Refusal`]: why not.
    pub fn writing(&self) -> Result<KnownPerson, Refusal> {
        let me = self.inside()?;
        if !self.state.goes_on() {
            return Err(Refusal::GroupClosed);
        }
        if me.paused {
            return Err(Refusal::WritingPaused);
        }
        if me.agreement < self.agreement {
            return Err(Refusal::AgreementNeeded);
        }
        Ok(me)
    }

    /// The member, if they lead it.
    fn leading(&self) -> Result<KnownPerson, Refusal> {
        self.inside()
            .ok()
            .filter(|me| me.leads)
            .ok_or(Refusal::NotYours)
    }
}

/// What the server knows of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownMessage {
    /// The group.
    pub group: GroupId,
    /// The member who wrote it; none for staff.
    pub member: Option<MemberId>,
    /// How it stands.
    pub state: MessageState,
}

/// What is to be written of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is so already.
    Nothing,
    /// They belong from now on.
    Joins,
    /// They agreed to this version.
    Agrees(u32),
    /// They don't belong any more.
    Leaves,
    /// The message is new.
    Adds,
    /// The message's words go.
    TakesBack,
    /// Nothing was there: the mark of a message taken back is kept for this member.
    Mark,
    /// It is noted for those who lead.
    Reports,
    /// The message goes out of sight.
    Hides,
    /// It is shown again.
    Shows,
    /// What was reported of it is dealt with.
    Looks,
    /// They don't see what the person writes.
    Mutes,
    /// They see it again.
    Unmutes,
}

/// Decides about an act of `member`. `stands` is none where there is no such group, or nobody was shown it
/// yet; `message` what stands under the message's id, `known_person` whether the person is of this group.
/// Taking back always wins, and needs no group.
///
/// # Errors
/// [`Refusal`].
pub fn decide(
    member: MemberId,
    it: &InGroup,
    stands: Option<Stands>,
    message: Option<KnownMessage>,
    known_person: bool,
) -> Result<Change, Refusal> {
    if it.act == GroupAct::TakeBack {
        return take_back(member, message);
    }
    let shown = stands.filter(|stands| stands.state != GroupState::Draft);
    let stands = shown.ok_or(Refusal::NoSuchGroup)?;
    let message = message.filter(|message| message.group == it.group);
    match it.act {
        GroupAct::Join => join(it, stands),
        GroupAct::Leave => Ok(match stands.inside() {
            Ok(_) => Change::Leaves,
            Err(_) => Change::Nothing,
        }),
        GroupAct::Write => write(member, stands, message),
        GroupAct::TakeBack => take_back(member, message),
        GroupAct::Report => {
            stands.inside()?;
            let shown = message.is_some_and(|it| it.state == MessageState::Shown);
            Ok(if shown {
                Change::Reports
            } else {
                Change::Nothing
            })
        }
        GroupAct::Hide | GroupAct::Show | GroupAct::Looked => {
            stands.leading()?;
            Ok(lead(it.act, message.map(|message| message.state)))
        }
        GroupAct::Mute | GroupAct::Unmute => {
            let me = stands.inside()?;
            if !known_person || it.person == Some(me.id) {
                return Err(Refusal::NotYours);
            }
            let mutes = it.act == GroupAct::Mute;
            Ok(if mutes {
                Change::Mutes
            } else {
                Change::Unmutes
            })
        }
    }
}

fn join(it: &InGroup, stands: Stands) -> Result<Change, Refusal> {
    let inside = stands.inside().ok();
    let open = stands.state == GroupState::Open;
    if !open && (inside.is_none() || !stands.state.goes_on()) {
        return Err(Refusal::GroupClosed);
    }
    match (it.agreement, inside) {
        (Some(version), Some(me)) if version <= me.agreement => Ok(Change::Nothing),
        (Some(version), inside) if version == stands.agreement => Ok(match inside {
            Some(_) => Change::Agrees(version),
            None => Change::Joins,
        }),
        _ => Err(Refusal::AgreementNeeded),
    }
}

fn write(
    member: MemberId,
    stands: Stands,
    message: Option<KnownMessage>,
) -> Result<Change, Refusal> {
    match message {
        Some(known) if known.member != Some(member) => return Err(Refusal::NotYours),
        Some(_) => return Ok(Change::Nothing),
        None => {}
    }
    stands.writing()?;
    Ok(Change::Adds)
}

fn take_back(member: MemberId, message: Option<KnownMessage>) -> Result<Change, Refusal> {
    match message {
        None => Ok(Change::Mark),
        Some(known) if known.member != Some(member) => Err(Refusal::NotYours),
        Some(known) if known.state == MessageState::TakenBack => Ok(Change::Nothing),
        Some(_) => Ok(Change::TakesBack),
    }
}

/// What whoever leads does with a message that stands so: the same rules at the desk.
pub fn lead(act: GroupAct, message: Option<MessageState>) -> Change {
    match (act, message) {
        (GroupAct::Hide, Some(MessageState::Shown)) => Change::Hides,
        (GroupAct::Show, Some(MessageState::Hidden)) => Change::Shows,
        (GroupAct::Looked, Some(_)) => Change::Looks,
        _ => Change::Nothing,
    }
}

crate::words! {
    /// What a group must have before it is shown.
    pub enum GroupPart {
        /// Its name.
        Title "title",
        /// What it does.
        Does "does",
        /// How people treat each other.
        Agreement "agreement",
        /// Who leads it, in words.
        LedBy "led_by",
        /// Somebody who leads it, in Chorus.
        Lead "lead",
        /// Someone of staff behind them.
        Backup "backup",
    }
}

crate::words! {
    /// What is done with a group at the desk.
    pub enum GroupStep {
        /// People can see it and join: for the first time, or again.
        Open "open",
        /// It takes nobody new for now.
        Pause "pause",
        /// It is over.
        End "end",
    }
}

/// The state after a step; none if that step cannot be taken from there.
pub fn after(state: GroupState, step: GroupStep) -> Option<GroupState> {
    use GroupState as S;
    match (state, step) {
        (S::Draft | S::Paused, GroupStep::Open) => Some(S::Open),
        (S::Open, GroupStep::Pause) => Some(S::Paused),
        (S::Open | S::Paused, GroupStep::End) => Some(S::Ended),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
