//! The file. Its shape never changes within a version: people keep these for years.

use crate::{
    domain::{
        command::Command,
        experience::{Experience, story::Story},
        group::{Membership, Message},
        id::{CheckInId, CommandId, GroupId, MemberId, SignUpId},
        my_plan::MyPlan,
        peer::{PeerAsk, PeerMessage},
        record::{CheckIn, SignUp},
        shared_plan::SharedPlan,
        time::Millis,
        words::suggestion::{Comment, Suggestion},
    },
    json::{self, FromJson},
    sync::status::Sent,
    ui::local::PrivateCheckIn,
};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// The version that is written, and the newest that can be read.
pub const VERSION: u32 = 1;
/// The last millisecond of the year 9999. No calendar of a browser says what comes much later, and a
/// screen that asked it to would stop working.
const LAST: Millis = 253_402_300_799_999;
/// The most things of one kind. Some are looked up among others one by one, and years of a person's are far
/// fewer.
const MANY: usize = 20_000;
/// The longest name of a form.
const FORM_MAX: usize = 100;

/// A copy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Copy {
    /// [`VERSION`].
    pub chorus_copy: u32,
    /// RFC 3339.
    pub made_at: String,
    /// Whose it is; none before joining.
    pub member: Option<MemberId>,
    /// What they want to be called.
    pub name: Option<String>,
    /// Their team.
    pub team: Option<String>,
    /// What makes it easier for them, if it is kept for next time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// The person's own check-ins, oldest first: those that only they see, and of shared ones what they wrote.
    pub check_ins: Vec<PrivateCheckIn>,
    /// The person's plan, newest first: as it is, and how it was. Copies of before there was one have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plans: Vec<MyPlan>,
    /// The plan as the team has it, and those that were taken back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared_plans: Vec<CopiedPlan>,
    /// Shared check-ins as the team has them, with what was said since.
    pub shared: Vec<Shared>,
    /// Sign-ups.
    pub sign_ups: Vec<CopiedSignUp>,
    /// Groups that the person belongs to, each with what they wrote in it. Copies of before there were groups
    /// have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<CopiedGroup>,
    /// What the person said about our words. Copies of before that was asked have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggestions: Vec<CopiedSuggestion>,
    /// What they wrote to groups about such things.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<CopiedComment>,
    /// What they told of their experience of services. Copies of before that was asked have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub experiences: Vec<CopiedExperience>,
    /// That the person would like to talk to a peer. Copies of before that was asked have none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub peer_asks: Vec<CopiedPeerAsk>,
    /// What they wrote to a peer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub peer_messages: Vec<CopiedPeerMessage>,
    /// What was begun and not kept or sent.
    pub drafts: Vec<CopiedDraft>,
    /// What could not be sent and was given back.
    pub given_back: Vec<GivenBack>,
    /// What waited to be sent.
    pub waiting: Vec<Waiting>,
}

crate::reads_json!(Copy {
    chorus_copy,
    made_at,
    member,
    name,
    team,
    needs,
    check_ins,
    plans,
    shared_plans,
    shared,
    sign_ups,
    groups,
    suggestions,
    comments,
    experiences,
    peer_asks,
    peer_messages,
    drafts,
    given_back,
    waiting
});

crate::words! {
    /// How far something had come.
    pub enum HowFar {
        /// Chorus had it.
        Sent "sent",
        /// It waited on the phone.
        NotYet "not_yet",
        /// Its taking back waited on the phone.
        TakingBack "taking_back",
    }
}

impl From<Sent> for HowFar {
    fn from(sent: Sent) -> Self {
        match sent {
            Sent::OnServer | Sent::Answered => Self::Sent,
            Sent::NotYet(_) | Sent::Sending(_) => Self::NotYet,
            Sent::TakingBack(_) => Self::TakingBack,
        }
    }
}

/// A shared check-in.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shared {
    /// Its id.
    pub id: CheckInId,
    /// How far it had come.
    pub how_far: HowFar,
    /// The record.
    pub check_in: CheckIn,
}

crate::reads_json!(Shared {
    id,
    how_far,
    check_in
});

/// A shared plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CopiedPlan {
    /// Its id.
    pub id: Uuid,
    /// How far it had come.
    pub how_far: HowFar,
    /// The record.
    pub plan: SharedPlan,
}

crate::reads_json!(CopiedPlan { id, how_far, plan });

/// A sign-up, with what it was for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CopiedSignUp {
    /// Its id.
    pub id: SignUpId,
    /// What it was for.
    pub title: Option<String>,
    /// When, in words.
    pub when: Option<String>,
    /// Where, in words.
    pub place: Option<String>,
    /// How far it had come.
    pub how_far: HowFar,
    /// The record.
    pub sign_up: SignUp,
}

crate::reads_json!(CopiedSignUp {
    id,
    title,
    when,
    place,
    how_far,
    sign_up
});

/// A group that the person belongs to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CopiedGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub title: Option<String>,
    /// How far joining it, or leaving it, had come.
    pub how_far: HowFar,
    /// The record.
    pub membership: Membership,
    /// What the person wrote in it, oldest first.
    pub wrote: Vec<Wrote>,
}

crate::reads_json!(CopiedGroup {
    id,
    title,
    how_far,
    membership,
    wrote
});

/// What the person wrote in a group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Wrote {
    /// Its id.
    pub id: Uuid,
    /// How far it had come.
    pub how_far: HowFar,
    /// The record.
    pub message: Message,
}

crate::reads_json!(Wrote {
    id,
    how_far,
    message
});

/// What the person said about our words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CopiedSuggestion {
    /// Its id.
    pub id: Uuid,
    /// What the document is called.
    pub title: Option<String>,
    /// How far it had come.
    pub how_far: HowFar,
    /// The record.
    pub suggestion: Suggestion,
}

crate::reads_json!(CopiedSuggestion {
    id,
    title,
    how_far,
    suggestion
});

/// What the person wrote to a group about what was said about our words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CopiedComment {
    /// Its id.
    pub id: Uuid,
    /// How far it had come.
    pub how_far: HowFar,
    /// The record.
    pub comment: Comment,
}

crate::reads_json!(CopiedComment {
    id,
    how_far,
    comment
});

/// What the person told of their experience.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CopiedExperience {
    /// Its id.
    pub id: Uuid,
    /// How far it had come.
    pub how_far: HowFar,
    /// The record.
    pub experience: Experience,
    /// The story that was told of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub story: Option<Story>,
}

crate::reads_json!(CopiedExperience {
    id,
    how_far,
    experience,
    story
});

/// A wish to talk to a peer. Who it should not be with is not in it, once it was sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CopiedPeerAsk {
    /// Its id.
    pub id: Uuid,
    /// How far it had come.
    pub how_far: HowFar,
    /// The record.
    pub ask: PeerAsk,
}

crate::reads_json!(CopiedPeerAsk { id, how_far, ask });

/// What the person wrote to whom they are matched with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CopiedPeerMessage {
    /// Its id.
    pub id: Uuid,
    /// How far it had come.
    pub how_far: HowFar,
    /// The record.
    pub message: PeerMessage,
}

crate::reads_json!(CopiedPeerMessage {
    id,
    how_far,
    message
});

/// What was begun in a form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CopiedDraft {
    /// Its own id.
    pub id: Uuid,
    /// Which form: `check_in`, `sign_up/<opportunity>`, ….
    pub form: String,
    /// Pairs of a field's name and what stood in it.
    pub fields: Value,
    /// When it was last changed.
    pub changed_at: Millis,
}

crate::reads_json!(CopiedDraft {
    id,
    form,
    fields,
    changed_at
});

/// What the server did not take.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GivenBack {
    /// The command's id.
    pub id: CommandId,
    /// Its kind.
    pub kind: String,
    /// Its body.
    pub body: Value,
    /// When it was made.
    pub made_at: Millis,
    /// Why it came back, for code.
    pub code: String,
    /// Why, in words.
    pub message: String,
    /// When.
    pub refused_at: Millis,
}

crate::reads_json!(GivenBack {
    id,
    kind,
    body,
    made_at,
    code,
    message,
    refused_at
});

/// What waited to be sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Waiting {
    /// The command's id.
    pub id: CommandId,
    /// Its kind.
    pub kind: String,
    /// Its body.
    pub body: Value,
    /// When it was made.
    pub made_at: Millis,
}

crate::reads_json!(Waiting {
    id,
    kind,
    body,
    made_at
});

impl Waiting {
    /// The command; none for a kind that this version cannot read.
    pub fn command(&self) -> Option<Command> {
        Command::parse(&self.kind, self.body.clone()).ok()
    }
}

/// Why a text is no copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCopy {
    /// Something else, or broken.
    #[error("this is no copy of Chorus")]
    Unreadable,
    /// A newer Chorus made it.
    #[error("a newer version made this copy")]
    Newer,
}

impl Copy {
    /// Reads a copy. Whatever comes is a stranger's until it has been read.
    ///
    /// # Errors
    /// [`NoCopy`].
    pub fn parse(text: &str) -> Result<Self, NoCopy> {
        let json: Value = json::read(text).ok_or(NoCopy::Unreadable)?;
        match json.get("chorus_copy").and_then(Value::as_u64) {
            Some(version) if version == u64::from(VERSION) => {}
            Some(version) if version > u64::from(VERSION) => return Err(NoCopy::Newer),
            _ => return Err(NoCopy::Unreadable),
        }
        let copy = Self::from_json(json).map_err(|_| NoCopy::Unreadable)?;
        if copy.is_sound() {
            Ok(copy)
        } else {
            Err(NoCopy::Unreadable)
        }
    }

    /// The text of the file.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self)
            .expect("a copy is plain structs with string keys, which always serialises")
    }

    /// Whether no time, no name of a form and no number of things would do harm on a phone.
    fn is_sound(&self) -> bool {
        let counts = [
            self.check_ins.len(),
            self.plans.len(),
            self.shared_plans.len(),
            self.shared.len(),
            self.sign_ups.len(),
            self.groups.len(),
            self.suggestions.len(),
            self.comments.len(),
            self.experiences.len(),
            self.peer_asks.len(),
            self.peer_messages.len(),
            self.drafts.len(),
            self.given_back.len(),
            self.waiting.len(),
        ];
        if counts.iter().any(|count| *count > MANY) {
            return false;
        }
        let is_time = |at: Millis| (0..=LAST).contains(&at);
        self.check_ins.iter().all(|one| is_time(one.made_at))
            && self.plans.iter().all(|one| is_time(one.changed_at))
            && self.waiting.iter().all(|one| is_time(one.made_at))
            && (self.given_back.iter()).all(|one| is_time(one.made_at) && is_time(one.refused_at))
            && (self.drafts.iter()).all(|one| is_time(one.changed_at) && is_form(&one.form))
    }
}

/// A form's name is part of a row's key. What was refused stands among the drafts under a name of its own.
fn is_form(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-/".contains(c);
    let is_refused = name == "refused" || name.starts_with("refused/");
    !name.is_empty() && name.len() <= FORM_MAX && name.chars().all(plain) && !is_refused
}
