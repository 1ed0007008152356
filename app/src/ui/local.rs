//! The line between the screens and the phone.
//!
//! Screens never see a wire type, SQL or a browser store. They get [`Local`] from context: signals
//! that say how things stand, and [`Phone`], through which they load what they show and say what the
//! person wants. The browser implements [`Phone`]; under server rendering there is none, because
//! nothing personal is rendered and nothing is kept there.

pub use crate::domain::time::Millis;
use crate::domain::{
    change::Change,
    check_in::{Feeling, ShareCheckIn},
    command::Command,
    group::Group,
    help_line::HelpLine,
    id::{CheckInId, CommandId, DeviceId, MemberId, TeamId},
    opportunity::{Opportunity, Raw, Session},
    team::Team,
    words::Document,
};
use crate::sync::outbox::Owner;
pub use crate::sync::{
    status::{Link, Sent},
    store::{CLEARED, LEFT},
};
use crate::{json::read, order};
use leptos::{__reexports::send_wrapper::SendWrapper, prelude::*};
use serde::Serialize;
use std::{future::Future, pin::Pin, rc::Rc};
use uuid::Uuid;

/// An answer that the phone gives later.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// Why the phone could not do it, in words fit to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The store could not be opened, read or written: nothing was kept. What was typed is still on the screen.
    Store(String),
    /// No answer from the server (joining alone needs one).
    NoSignal,
    /// The server said no, in these words.
    Refused(String),
}

/// What the page carries from the server to the first hydration, in `<script id="page-data">`.
/// Public records, and the team's name for a joined member; nothing else that is personal.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct PageData {
    /// Opportunities by id.
    pub opportunities: Vec<(Uuid, Opportunity)>,
    /// Sessions by id.
    pub sessions: Vec<(Uuid, Session)>,
    /// What only some screens show, as JSON: [`Rest`]. It is taken apart there, so that what every phone
    /// loads first has no code for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rest: Option<Raw>,
    /// Help lines, in order.
    pub help_lines: Vec<HelpLine>,
    /// How long things are kept, in sentences.
    pub kept_for: Vec<String>,
    /// The organisation's own words, as lines (see `domain::wording`); the browser takes them before the app starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wording: Option<String>,
    /// The team of the joined member who asks, so that a plain form can say who will read it.
    pub team: Option<(TeamId, Team)>,
    /// Whether a joined member asks: plain forms are offered only then.
    pub joined: bool,
    /// A server-made command id for the plain form on this page, so that pressing twice sends once.
    pub form_id: Option<Uuid>,
    /// Why the last plain form was not taken, in words fit to show.
    pub form_problem: Option<String>,
    /// What became of the last plain form: its name, `check_in`, `sign_up` or `group`, once it is stored.
    pub form_done: Option<String>,
    /// What was typed in a plain form that was not taken, by the fields' names: given back, never lost.
    pub form_values: Vec<(String, String)>,
}

crate::reads_json!(PageData {
    opportunities,
    sessions,
    rest,
    help_lines,
    kept_for,
    wording,
    team,
    joined,
    form_id,
    form_problem,
    form_done,
    form_values
});

/// Public records that only some screens show.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Rest {
    /// Involvement groups by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<(Uuid, Group)>,
    /// What changed, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<(Uuid, Change)>,
    /// The documents of Our words, by id.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<(Uuid, Document)>,
}

crate::reads_json!(Rest {
    groups,
    changes,
    documents
});

impl Rest {
    /// As a page carries it: nothing where there is nothing.
    pub fn raw(&self) -> Option<Raw> {
        Raw::of(self).filter(|_| *self != Self::default())
    }

    /// What a page carries.
    pub fn of(page: &PageData) -> Self {
        let rest = page.rest.as_ref().and_then(Raw::read);
        rest.unwrap_or_default()
    }
}

impl PageData {
    /// Forgets the member whom the page was drawn for: they have left on this phone.
    pub fn forget_member(&mut self) {
        self.joined = false;
        self.team = None;
        self.form_id = None;
    }

    /// Forgets the plain form that brought the person here: it is of the first screen alone.
    pub fn forget_form(&mut self) {
        self.form_problem = None;
        self.form_done = None;
        self.form_values.clear();
    }
}

/// How things stand on this phone. Words come from here, never from a remembered flag.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PhoneStatus {
    /// Who joined on this phone; none while looking around.
    pub member: Option<MemberId>,
    /// What they want to be called.
    pub name: Option<String>,
    /// Their team, if their join code had one and the record has come.
    pub team: Option<(TeamId, Team)>,
    /// Things that wait to be sent or taken back.
    pub unsent: usize,
    /// What the link to the server is doing.
    pub link: Link,
    /// When the server last answered a sync.
    pub last_synced_at: Option<Millis>,
    /// When a command of this phone last reached the server.
    pub last_sent_at: Option<Millis>,
    /// When the phone learned that the server had gone back to an older copy of its records.
    pub restored_at: Option<Millis>,
    /// Whether the store works.
    pub store: StoreState,
    /// Whether the browser promised to keep the data; none if not asked yet.
    pub persisted: Option<bool>,
    /// A new version waits to be used.
    pub update_ready: bool,
    /// Rows written before joining that wait for "Is this yours?".
    pub before_joining: usize,
    /// Which browser this is.
    pub device: Option<DeviceId>,
    /// This phone has cleared itself, and nobody has read that yet: [`LEFT`], where its person left Chorus
    /// on it; else they asked for it elsewhere, and this many things were never sent.
    pub cleared: Option<String>,
    /// What was dismissed here ([`Phone::dismiss`]).
    pub dismissed: Vec<String>,
    /// What this person began and did not send, and what was given back: it is not in the outbox.
    pub begun: usize,
    /// What the server made last for this person to see once, as JSON: a code for another phone
    /// (`domain::pair_code::PairCode`), or a calendar address. It is kept nowhere.
    pub code: Option<String>,
    /// Whether there is a PIN, and whether it must be given now.
    pub pin: PinStatus,
}

/// How things stand with the PIN.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PinStatus {
    /// There is one.
    pub set: bool,
    /// It must be given before anything of the person's is shown.
    pub locked: bool,
    /// Nobody else uses this phone, or there is a PIN: it need not be asked.
    pub alone: bool,
    /// It is all numbers.
    pub numbers: bool,
    /// It locks after so many minutes without use.
    pub after_min: u32,
    /// How many things wait to be sent.
    pub waits: usize,
    /// When the next try may be made, after too many wrong ones.
    pub next_at: Option<Millis>,
}

/// What a person asks of the PIN. A new one is as `domain::pin::new` gives it, the one that there is
/// as `domain::pin::plain` does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PinAct {
    /// Turns it on.
    Set(String),
    /// Takes the second in place of the first.
    Change(String, String),
    /// Turns it off.
    Off(String),
    /// Opens what it locks.
    Open(String),
    /// Locks after so many minutes without use.
    After(u32),
    /// Locks now.
    Lock,
    /// It is forgotten: deletes what the person has on this phone, unread.
    Forget,
    /// Nobody else uses this phone.
    Alone,
}

/// Whether the store works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StoreState {
    /// Being opened.
    #[default]
    Opening,
    /// Works.
    Works,
    /// Does not: nothing new is kept. The words say why.
    Fails(String),
}

/// One record as the person sees it: the server's copy with the waiting commands laid over.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen<T> {
    /// The thing's id.
    pub id: Uuid,
    /// The thing.
    pub body: T,
    /// How far what this phone did to it has come.
    pub sent: Sent,
}

/// One thing in the outbox, for My phone.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// The command's id: for "Don't send".
    pub id: CommandId,
    /// What it is; none for a kind that this version cannot read.
    pub command: Option<Command>,
    /// When it was made.
    pub made_at: Millis,
    /// How far it has come.
    pub sent: Sent,
    /// The server did not know the kind: it is tried again after an update.
    pub deferred: bool,
}

/// A check-in that only its writer sees. Never in a request, never in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrivateCheckIn {
    /// Its id.
    pub id: CheckInId,
    /// How things were.
    pub feeling: Option<Feeling>,
    /// What was added.
    pub note: Option<String>,
    /// When it was made.
    pub made_at: Millis,
    /// The shared check-in that was made of it, if it was shared (or was taken back).
    pub shared_as: Option<CheckInId>,
    /// What the person wrote about it after sharing, by the ids of the messages: theirs, whatever becomes
    /// of what was sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<(String, String)>,
}

crate::reads_json!(PrivateCheckIn {
    id,
    feeling,
    note,
    made_at,
    shared_as,
    answers
});

/// The person's own check-ins out of their rows ([`Phone::own`]), newest first.
pub(crate) fn kept(rows: &[(String, String)]) -> Vec<PrivateCheckIn> {
    let mut kept: Vec<PrivateCheckIn> = rows.iter().filter_map(|(_, text)| read(text)).collect();
    // Out of the store they come oldest first, or nearly.
    order::by_key(&mut kept, |check_in| check_in.made_at);
    kept.reverse();
    kept
}

/// Something typed and not sent or kept yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// `check_in`, `sign_up/<opportunity uuid>`, ….
    pub form: String,
    /// The form's fields as JSON text.
    pub fields: String,
    /// When it was last changed.
    pub changed_at: Millis,
}

crate::reads_json!(Draft {
    form,
    fields,
    changed_at
});

/// All that this person has on this phone, as it is kept: keys and texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Their own.
    pub private: Vec<(String, String)>,
    /// Drafts, and what was given back.
    pub drafts: Vec<(String, String)>,
    /// What waits to be sent, and what was answered not long ago.
    pub outbox: Vec<(String, String)>,
    /// Records: theirs, and the public ones that say what a sign-up is for.
    pub records: Vec<(String, String)>,
    /// The keys of other people's own rows and drafts on this phone: never to be written over.
    pub of_others: Vec<String>,
}

/// Something that the server refused, given back to the person.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenBack {
    /// The draft that holds it: for [`Phone::delete_draft`].
    pub form: String,
    /// What it was; none for a kind that this version cannot read.
    pub command: Option<Command>,
    /// When it was made.
    pub made_at: Millis,
    /// Why it came back, in words fit to show.
    pub why: String,
}

/// A code that adds another phone of this person.
pub const PAIR: &str = "/api/pair";
/// A private calendar address for a person who leads.
pub const CALENDAR: &str = "/api/calendar";
/// The end of it.
pub const CALENDAR_END: &str = "/api/calendar/end";

/// What the browser does for the screens. Every write answers only once it is durable.
pub trait Phone {
    /// Live records of one kind (see `domain::record::kind`) with waiting commands laid over, as
    /// `(id, JSON text, how far)`. Reads the store, so it works with no signal.
    fn records(&self, kind: &'static str) -> Answer<Vec<Seen<String>>>;
    /// The outbox of this person, oldest first.
    fn waiting(&self) -> Answer<Vec<Waiting>>;
    /// Sends when there is signal; durable first. Deletes the draft of `form` in the same transaction.
    fn send(&self, command: Command, form: Option<String>) -> Answer<CommandId>;
    /// The same for several at once: all of them are kept, or none.
    fn send_all(&self, commands: Vec<Command>, form: Option<String>) -> Answer<()>;
    /// Shares a check-in and keeps the person's own copy, in one transaction.
    fn share(
        &self,
        share: ShareCheckIn,
        own: PrivateCheckIn,
        form: Option<String>,
    ) -> Answer<CommandId>;
    /// Takes back a waiting command: leaves no byte if it was never attempted, else sends its withdrawal.
    fn dont_send(&self, command: CommandId) -> Answer<()>;
    /// Keeps a check-in on this phone alone.
    fn keep(&self, check_in: PrivateCheckIn, form: Option<String>) -> Answer<()>;
    /// The person's own rows of one kind (see `domain::record::kind`), as `(key, JSON text)`: what only they have.
    fn own(&self, kind: &'static str) -> Answer<Vec<(String, String)>>;
    /// Deletes one of the person's own check-ins from this phone.
    fn delete_kept(&self, check_in: CheckInId) -> Answer<()>;
    /// The draft of a form.
    fn draft(&self, form: &str) -> Answer<Option<Draft>>;
    /// All that was refused and given back, newest first.
    fn given_back(&self) -> Answer<Vec<GivenBack>>;
    /// Keeps what was typed: after a short pause, and at once when the page is hidden. Under the key of a plan's row
    /// (`sync::rows::PLAN`) it is kept as the person's own.
    fn save_draft(&self, form: &str, fields: String);
    /// Lets a draft go, or a row of the person's plan.
    fn delete_draft(&self, form: &str) -> Answer<()>;
    /// Joins with a code. Needs signal.
    fn join(&self, code: String, name: Option<String>) -> Answer<()>;
    /// Answers "Is this yours?": takes the rows from before joining over, or leaves them.
    fn adopt(&self, mine: bool) -> Answer<()>;
    /// Tries a round now.
    fn sync_now(&self);
    /// Deletes what this person has on this phone, and nobody else's; with `keep_unsent` all but what is
    /// not sent yet, which waits for them unseen. Then nobody is joined here.
    fn leave(&self, keep_unsent: bool) -> Answer<()>;
    /// Something that the server makes to be seen once, or the end of it, by its address: [`PAIR`], [`CALENDAR`],
    /// [`CALENDAR_END`]. It comes as [`PhoneStatus::code`]. Needs signal.
    fn ask_once(&self, address: &'static str) -> Answer<()>;
    /// Remembers that this was read here, so that it is not shown again.
    fn dismiss(&self, what: String) -> Answer<()>;
    /// Does something with the PIN. [`Problem::Refused`] says why not.
    fn pin(&self, act: PinAct) -> Answer<()>;
    /// All that this person has on this phone, out of one snapshot.
    fn rows(&self) -> Answer<Rows>;
    /// Adds rows to this person's own and to their drafts, all or none, if the phone is still theirs. They are
    /// never sent by themselves.
    fn add(
        &self,
        owner: Owner,
        private: Vec<(String, String)>,
        drafts: Vec<(String, String)>,
    ) -> Answer<()>;
    /// Asks a script of its own, which few phones run: `copy.save` is `save` in `frontend/static/copy.js`.
    fn aside(&self, what: &'static str, with: Vec<String>) -> Answer<Vec<String>>;
    /// Clears the screen and leaves for a plain page; what was typed is kept.
    fn hide(&self);
    /// Uses the new version: reloads.
    fn use_update(&self);
    /// Asks the browser's own install prompt to show; false if it has none.
    fn install(&self) -> bool;
    /// A new UUIDv7.
    fn new_id(&self) -> Uuid;
    /// The clock.
    fn now(&self) -> Millis;
    /// An instant in the person's own time and words: "2.02pm", "Monday 2.02pm", "1 December, 2.02pm".
    fn say_time(&self, at: Millis) -> String;
    /// How many days an instant is from today by this phone's calendar: 1 is tomorrow.
    fn days_to(&self, at: Millis) -> i32;
    /// RFC 3339 to milliseconds; none if it is no time.
    fn parse_time(&self, rfc3339: &str) -> Option<Millis>;
}

/// What every screen gets from context.
#[derive(Clone, Copy)]
pub struct Local {
    /// How things stand. The default before hydration has ended, so that server and first client render agree.
    pub status: RwSignal<PhoneStatus>,
    /// Goes up whenever something a screen may show has changed: load again.
    pub changed: RwSignal<u64>,
    /// What came with the page; none offline.
    pub page: StoredValue<PageData>,
    /// It stays on its thread. The server has none, and lets go of its screens on any thread.
    phone: StoredValue<Option<SendWrapper<Rc<dyn Phone>>>>,
}

impl Local {
    /// For the server (no phone) or the browser.
    pub fn new(page: PageData, phone: Option<Rc<dyn Phone>>) -> Self {
        Self {
            status: RwSignal::new(PhoneStatus::default()),
            changed: RwSignal::new(0),
            page: StoredValue::new(page),
            phone: StoredValue::new(phone.map(SendWrapper::new)),
        }
    }

    /// The phone; none under server rendering. Call it in effects and event handlers only.
    pub fn phone(&self) -> Option<Rc<dyn Phone>> {
        self.phone.get_value().map(SendWrapper::take)
    }

    /// Gives the phone once it is built (it needs these signals itself). The screens load from it
    /// then, so call it after hydration has ended or let [`Local::changed`] go up again.
    pub fn set_phone(&self, phone: Rc<dyn Phone>) {
        self.phone.set_value(Some(SendWrapper::new(phone)));
        self.changed.update(|version| *version += 1);
    }
}
