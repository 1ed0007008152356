//! What people say about the words of a document, and the rules of it: sending, taking back, "this speaks for me too",
//! and what the people of its group write about it.
//!
//! Who says something about a public document need not belong to any group. Others of the group see it once it was
//! given to them, with no more of who said it than they chose.

use crate::{
    domain::{
        command::{Command, naming, put_id, put_words},
        group::Stands,
        id::{DocumentId, GroupId, MemberId, PersonId, PhraseId, SuggestionId},
        plain::{self, Act, Over, Plain},
        record::kind,
        refusal::Refusal,
        text,
        words::DocumentState,
    },
    json::{Misshapen, field, fields_of},
};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

crate::words! {
    /// How a suggestion stands.
    pub enum SuggestionState {
        /// The server has it.
        Received "received",
        /// Somebody of staff, or a lead, looks at it.
        Looking "looking",
        /// The group has it before it.
        WithGroup "with_group",
        /// It is decided.
        Decided "decided",
        /// Its writer took it back.
        Withdrawn "withdrawn",
    }
}

impl SuggestionState {
    /// Those of a board, in order.
    pub const BOARD: [Self; 4] = [
        Self::Received,
        Self::Looking,
        Self::WithGroup,
        Self::Decided,
    ];
}

crate::words! {
    /// How much others are told of who says something.
    pub enum ShownAs {
        /// Nothing.
        None "none",
        /// The first letters of their name.
        Initials "initials",
        /// Their name.
        Name "name",
    }
}

impl ShownAs {
    /// What others are told of somebody with this name; nothing of who has none.
    pub fn who(self, name: Option<&str>) -> Option<String> {
        let name = name?.trim();
        let who = match self {
            Self::None => String::new(),
            Self::Name => name.to_owned(),
            Self::Initials => initials(name),
        };
        (!who.is_empty()).then_some(who)
    }
}

fn initials(name: &str) -> String {
    let letters = name.split_whitespace();
    let letters = letters.filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    letters.flat_map(|c| [c, '.']).collect()
}

crate::words! {
    /// What was decided.
    pub enum Outcome {
        /// The words change as was said.
        Changed "changed",
        /// Some of it changes.
        Partly "partly",
        /// The words stay.
        NotChanged "not_changed",
        /// It goes on together with another one that says the same.
        Merged "merged",
    }
}

impl Outcome {
    /// Those that are decided about one alone.
    pub const ALONE: [Self; 3] = [Self::Changed, Self::Partly, Self::NotChanged];
}

/// A decision, in words for whoever made the suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// What was decided.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// Who took part in it.
    pub took_part: String,
    /// The new words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// A day, `2027-05-01`, on which it is looked at again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub look_again: Option<String>,
    /// RFC 3339; when.
    pub at: String,
}

crate::reads_json!(Decision {
    outcome,
    reason,
    took_part,
    words,
    look_again,
    at
});

/// The `suggestion` record, in its writer's scope. One that was taken back has nothing that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The document.
    pub document: DocumentId,
    /// The phrase.
    pub phrase: PhraseId,
    /// The version in which they read it.
    pub version: u32,
    /// The phrase as they read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// How it feels to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feels: Option<String>,
    /// What they would say instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How much others are told of who says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shown_as: Option<ShownAs>,
    /// How it stands.
    pub state: SuggestionState,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Where it went on together with another: what was decided about that one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Decision>,
    /// RFC 3339; when the server had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<String>,
}

crate::reads_json!(Suggestion {
    document,
    phrase,
    version,
    was,
    feels,
    instead,
    why,
    shown_as,
    state,
    decision,
    after,
    received_at
});

/// The `group_suggestion` record, in the scope of the group that works on the document: the same, without who.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupSuggestion {
    /// The group.
    pub group: GroupId,
    /// The document.
    pub document: DocumentId,
    /// The phrase.
    pub phrase: PhraseId,
    /// The phrase as they read it.
    pub was: String,
    /// How it feels to read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feels: Option<String>,
    /// What they would say instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Who says it, as far as they want it told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// Words that whoever looks after it proposes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<String>,
    /// How it stands.
    pub state: SuggestionState,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// For how many others of the group it speaks too.
    pub supports: u32,
    /// RFC 3339; when it came.
    pub at: String,
}

crate::reads_json!(GroupSuggestion {
    group,
    document,
    phrase,
    was,
    feels,
    instead,
    why,
    who,
    proposed,
    state,
    decision,
    supports,
    at
});

/// The `support` record, in the member's own scope; its id is the suggestion's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Support {
    /// `gone` on a phone that has not sent yet that it is taken back; else nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

crate::reads_json!(Support { state });

crate::words! {
    /// How a comment stands.
    pub enum CommentState {
        /// The group reads it.
        Shown "shown",
        /// Whoever looks after the group took it out of sight.
        Hidden "hidden",
        /// Its writer took it back.
        TakenBack "taken_back",
    }
}

/// The `suggestion_comment` record, in the group's scope. Only a shown one has its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// What it is about.
    pub suggestion: SuggestionId,
    /// Who wrote it; none on a phone that has not sent it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// What was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// RFC 3339; when the server had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// How it stands.
    pub state: CommentState,
}

crate::reads_json!(Comment {
    suggestion,
    person,
    words,
    at,
    state
});

/// The kinds of what members say, on the wire.
pub mod act {
    /// I say something about a phrase.
    pub const SEND: &str = "suggestion.send";
    /// I take that back.
    pub const WITHDRAW: &str = "suggestion.withdraw";
    /// This speaks for me too.
    pub const SUPPORT: &str = "suggestion.support";
    /// It does not any more.
    pub const UNSUPPORT: &str = "suggestion.unsupport";
    /// I write to the group about it.
    pub const COMMENT: &str = "comment.write";
    /// I take that back.
    pub const TAKE_BACK: &str = "comment.take_back";
}

/// What phones know of what members say about words.
pub const ACTS: [Act; 6] = [
    Act {
        undone_by: Some(act::WITHDRAW),
        ..about(act::SEND, kind::SUGGESTION, Some("received"), Over::Nothing)
    },
    about(
        act::WITHDRAW,
        kind::SUGGESTION,
        None,
        Over::Gone("withdrawn"),
    ),
    Act {
        undone_by: Some(act::UNSUPPORT),
        ..about(act::SUPPORT, kind::SUPPORT, Some(""), Over::State(""))
    },
    about(act::UNSUPPORT, kind::SUPPORT, None, Over::Gone("gone")),
    Act {
        ids: &["comment", "suggestion"],
        undone_by: Some(act::TAKE_BACK),
        ..about(
            act::COMMENT,
            kind::SUGGESTION_COMMENT,
            Some("shown"),
            Over::Nothing,
        )
    },
    Act {
        ids: &["comment", "suggestion"],
        ..about(
            act::TAKE_BACK,
            kind::SUGGESTION_COMMENT,
            None,
            Over::Gone("taken_back"),
        )
    },
];

const fn about(
    word: &'static str,
    record: &'static str,
    new: Option<&'static str>,
    over: Over,
) -> Act {
    Act {
        word,
        record,
        ids: &["suggestion"],
        new,
        over,
        undone_by: None,
    }
}

/// What is said about a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    /// A new id.
    pub suggestion: SuggestionId,
    /// The document.
    pub document: DocumentId,
    /// The phrase.
    pub phrase: PhraseId,
    /// The version in which it was read.
    pub version: u32,
    /// The phrase as it was read.
    pub was: String,
    /// How it feels to read.
    pub feels: Option<String>,
    /// What to say instead.
    pub instead: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// How much others are told of who says it.
    pub shown_as: ShownAs,
}

/// What a member says or does about the words of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// Something about a phrase.
    Send(Box<Send>),
    /// That what was said is taken back.
    Withdraw(SuggestionId),
    /// That what somebody else said speaks for them too.
    Support(SuggestionId),
    /// That it does not any more.
    Unsupport(SuggestionId),
    /// Something to the group: about what, under which new id, and the words.
    Comment(SuggestionId, Uuid, String),
    /// That this is taken back.
    TakeBackComment(SuggestionId, Uuid),
}

impl Says {
    /// Out of a command; none for one about something else, or where it does not say what it needs to say.
    pub fn of(it: &Plain) -> Option<Self> {
        let is_known = ACTS.iter().any(|act| act.word == it.act.word);
        let read = is_known.then(|| Self::read(it.act.word, it.says()))?;
        read.ok().filter(Self::is_well_formed)
    }

    fn read(word: &str, body: Value) -> Result<Self, Misshapen> {
        let mut fields = fields_of(body, "suggestion")?;
        let fields = &mut fields;
        let id = SuggestionId(field(fields, "suggestion")?);
        Ok(match word {
            act::SEND => Self::Send(Box::new(Send {
                suggestion: id,
                document: field(fields, "document")?,
                phrase: field(fields, "phrase")?,
                version: field(fields, "version")?,
                was: field(fields, "was")?,
                feels: field(fields, "feels")?,
                instead: field(fields, "instead")?,
                why: field(fields, "why")?,
                shown_as: field(fields, "shown_as")?,
            })),
            act::WITHDRAW => Self::Withdraw(id),
            act::SUPPORT => Self::Support(id),
            act::UNSUPPORT => Self::Unsupport(id),
            act::COMMENT => Self::Comment(id, field(fields, "comment")?, field(fields, "words")?),
            _ => Self::TakeBackComment(id, field(fields, "comment")?),
        })
    }

    /// Its kind on the wire.
    fn word(&self) -> &'static str {
        match self {
            Self::Send(_) => act::SEND,
            Self::Withdraw(_) => act::WITHDRAW,
            Self::Support(_) => act::SUPPORT,
            Self::Unsupport(_) => act::UNSUPPORT,
            Self::Comment(..) => act::COMMENT,
            Self::TakeBackComment(..) => act::TAKE_BACK,
        }
    }

    /// The body of the command.
    fn body(&self) -> Value {
        let mut body = naming("suggestion", self.suggestion().0);
        match self {
            Self::Send(it) => {
                put_id(&mut body, "document", it.document.0);
                put_id(&mut body, "phrase", it.phrase.0);
                body["version"] = it.version.into();
                put_words(&mut body, "was", Some(&it.was));
                put_words(&mut body, "feels", it.feels.as_deref());
                put_words(&mut body, "instead", it.instead.as_deref());
                put_words(&mut body, "why", it.why.as_deref());
                put_words(&mut body, "shown_as", Some(it.shown_as.word()));
            }
            Self::Comment(_, id, words) => {
                put_id(&mut body, "comment", *id);
                put_words(&mut body, "words", Some(words));
            }
            Self::TakeBackComment(_, id) => put_id(&mut body, "comment", *id),
            Self::Withdraw(_) | Self::Support(_) | Self::Unsupport(_) => {}
        }
        body
    }

    /// Whether it says what it needs to say, and no more than can be kept.
    pub fn is_well_formed(&self) -> bool {
        match self {
            Self::Send(it) => it.is_well_formed(),
            Self::Comment(_, _, words) => {
                !words.trim().is_empty() && text::fits(Some(words), text::LONG)
            }
            _ => true,
        }
    }

    /// What it is about.
    pub fn suggestion(&self) -> SuggestionId {
        match self {
            Self::Send(it) => it.suggestion,
            Self::Withdraw(id)
            | Self::Support(id)
            | Self::Unsupport(id)
            | Self::Comment(id, ..)
            | Self::TakeBackComment(id, _) => *id,
        }
    }
}

impl From<Says> for Command {
    fn from(it: Says) -> Self {
        let subject = match &it {
            Says::Comment(_, id, _) | Says::TakeBackComment(_, id) => *id,
            other => other.suggestion().0,
        };
        Self::Plain(Plain {
            act: plain::act(it.word()).expect("each thing that is said has its line in ACTS"),
            subject,
            body: it.body().to_string(),
        })
    }
}

impl Send {
    /// Something must be said: how it feels, or what to say instead.
    fn is_well_formed(&self) -> bool {
        let said = [&self.feels, &self.instead, &self.why];
        let is_said = |words: &Option<String>| text::tidy(words.clone()).is_some();
        (is_said(&self.feels) || is_said(&self.instead))
            && said
                .into_iter()
                .all(|words| text::fits(words.as_deref(), text::LONG))
            && text::fits(Some(&self.was), text::LONG)
    }
}

/// What the server knows of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownDocument {
    /// Whether something can be said about it.
    pub state: DocumentState,
    /// The group that works on it.
    pub group: Option<GroupId>,
    /// Whether that group alone reads it.
    pub only_group: bool,
}

/// What the server knows of a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who made it.
    pub member: MemberId,
    /// How it stands.
    pub state: SuggestionState,
    /// The group that works on its document.
    pub group: Option<GroupId>,
    /// Whether that group was given it.
    pub is_given: bool,
}

/// What the server knows of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownComment {
    /// Who wrote it.
    pub member: MemberId,
    /// How it stands.
    pub state: CommentState,
}

/// What is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is so already.
    Nothing,
    /// The suggestion is new.
    Adds,
    /// All that was written of it goes.
    Withdraws,
    /// Nothing was there: the mark of its withdrawal is kept for this member.
    Mark,
    /// It speaks for them too.
    Supports,
    /// It does not any more.
    Unsupports,
    /// The comment is new.
    Comments,
    /// Its words go.
    TakesBack,
    /// No comment was there: the mark is kept.
    MarkComment,
}

/// What stands here that an act is decided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The document that something is said about.
    pub document: Option<KnownDocument>,
    /// Whether some version of it has the phrase.
    pub has_phrase: bool,
    /// What stands under the suggestion's id.
    pub suggestion: Option<Known>,
    /// What stands under the comment's id.
    pub comment: Option<KnownComment>,
    /// How the group that works on it stands for the member.
    pub group: Option<Stands>,
}

/// Decides about what `member` says. Taking back always wins, and asks for nothing else.
///
/// # Errors
/// [`Refusal`].
pub fn decide(member: MemberId, it: &Says, here: &Standing) -> Result<Change, Refusal> {
    match it {
        Says::Send(_) => send(member, here),
        Says::Withdraw(_) => match here.suggestion {
            None => Ok(Change::Mark),
            Some(known) if known.member != member => Err(Refusal::NotYours),
            Some(known) if known.state == SuggestionState::Withdrawn => Ok(Change::Nothing),
            Some(_) => Ok(Change::Withdraws),
        },
        Says::Support(_) => match with_group(here) {
            Some(known) if known.member == member => Ok(Change::Nothing),
            Some(_) => in_group(here).map(|()| Change::Supports),
            // It was taken back meanwhile: nothing is lost.
            None => Ok(Change::Nothing),
        },
        Says::Unsupport(_) => Ok(Change::Unsupports),
        Says::Comment(..) => comment(member, here),
        Says::TakeBackComment(..) => match here.comment {
            None => Ok(Change::MarkComment),
            Some(known) if known.member != member => Err(Refusal::NotYours),
            Some(known) if known.state == CommentState::TakenBack => Ok(Change::Nothing),
            Some(_) => Ok(Change::TakesBack),
        },
    }
}

fn send(member: MemberId, here: &Standing) -> Result<Change, Refusal> {
    match here.suggestion {
        Some(known) if known.member != member => return Err(Refusal::NotYours),
        Some(_) => return Ok(Change::Nothing),
        None => {}
    }
    let document = here.document.filter(|_| here.has_phrase);
    let document = document.ok_or(Refusal::NoSuchWords)?;
    if document.only_group {
        in_group(here)?;
    }
    if document.state == DocumentState::Closed {
        return Err(Refusal::NoSuchWords);
    }
    Ok(Change::Adds)
}

fn comment(member: MemberId, here: &Standing) -> Result<Change, Refusal> {
    match here.comment {
        Some(known) if known.member != member => return Err(Refusal::NotYours),
        Some(_) => return Ok(Change::Nothing),
        None => {}
    }
    // The words come back to who wrote them.
    with_group(here).ok_or(Refusal::NoSuchWords)?;
    in_group(here).map(|()| Change::Comments)
}

/// What is about a suggestion that the group has before it, or had.
fn with_group(here: &Standing) -> Option<Known> {
    let known = here.suggestion;
    known.filter(|known| known.is_given && known.state != SuggestionState::Withdrawn)
}

fn in_group(here: &Standing) -> Result<(), Refusal> {
    let stands = here.group.ok_or(Refusal::NotInGroup)?;
    stands.writing().map(drop)
}

crate::words! {
    /// What is done with a suggestion at the desk.
    pub enum Step {
        /// Somebody looks at it.
        TakeOn "take_on",
        /// The group has it before it.
        Give "give",
        /// Words are proposed.
        Propose "propose",
        /// It goes on together with another.
        Merge "merge",
        /// It is decided.
        Decide "decide",
    }
}

/// The state after a step; none if that step cannot be taken from there. What was decided may be decided again, so
/// that it can be put right: its writer is told each time.
pub fn after(state: SuggestionState, step: Step) -> Option<SuggestionState> {
    use SuggestionState as S;
    match (state, step) {
        (S::Withdrawn, _) => None,
        (S::Received, Step::TakeOn) => Some(S::Looking),
        (S::Received | S::Looking, Step::Give) => Some(S::WithGroup),
        (S::Received | S::Looking | S::WithGroup, Step::Merge)
        | (S::Received | S::Looking | S::WithGroup | S::Decided, Step::Decide) => Some(S::Decided),
        // Whoever proposes words looks at it.
        (S::Received | S::Looking, Step::Propose) => Some(S::Looking),
        (S::WithGroup, Step::Propose) => Some(S::WithGroup),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
