//! What members say about our words, and what phones are told of it.

use super::{Shape, command, shape, uuid};
use app::{
    copy::schema::{CopiedComment, CopiedSuggestion, Copy, HowFar},
    domain::{
        command::Command,
        id::{DocumentId, GroupId, PersonId, PhraseId, SuggestionId},
        words::{
            Document, DocumentKind, DocumentState, Part, Phrase,
            suggestion::{
                Comment, CommentState, Decision, GroupSuggestion, Outcome, Says, Send, ShownAs,
                Suggestion, SuggestionState, Support,
            },
        },
    },
};

fn id() -> SuggestionId {
    SuggestionId(uuid(70))
}

fn send() -> Send {
    Send {
        suggestion: id(),
        document: DocumentId(uuid(71)),
        phrase: PhraseId(uuid(72)),
        version: 2,
        was: "My goals for the future".into(),
        feels: Some("It makes my stomach turn".into()),
        instead: Some("What helps me".into()),
        why: None,
        shown_as: ShownAs::Initials,
    }
}

fn commands() -> Vec<Shape> {
    let says = |name, it: Says| command(name, &Command::from(it));
    vec![
        says("command.suggestion.send", Says::Send(Box::new(send()))),
        says("command.suggestion.withdraw", Says::Withdraw(id())),
        says("command.suggestion.support", Says::Support(id())),
        says("command.suggestion.unsupport", Says::Unsupport(id())),
        says(
            "command.comment.write",
            Says::Comment(id(), uuid(73), "Yes".into()),
        ),
        says(
            "command.comment.take_back",
            Says::TakeBackComment(id(), uuid(73)),
        ),
    ]
}

fn decision() -> Decision {
    Decision {
        outcome: Outcome::Changed,
        reason: "It frightened people".into(),
        took_part: "The group, and two nurses".into(),
        words: Some("What helps me".into()),
        look_again: Some("2027-05-01".into()),
        at: "2026-11-23T15:00:00.000Z".into(),
    }
}

fn document() -> Document {
    let phrase = |n, part, text: &str, joins| Phrase {
        id: PhraseId(uuid(n)),
        part,
        text: text.into(),
        joins,
        key: (part == Part::Item).then(|| "check_in.note".to_owned()),
    };
    Document {
        title: "Recovery plan".into(),
        about: Some("We use this form together".into()),
        kind: DocumentKind::Form,
        group: Some(GroupId(uuid(50))),
        version: 2,
        state: DocumentState::Open,
        phrases: vec![
            phrase(72, Part::Heading, "My goals for the future", false),
            phrase(74, Part::Text, "Fill in what you like.", false),
            phrase(75, Part::Text, "Thank you.", true),
            phrase(76, Part::Item, "Add anything you like", false),
        ],
    }
}

fn suggestion() -> Suggestion {
    let said = send();
    Suggestion {
        document: said.document,
        phrase: said.phrase,
        version: said.version,
        was: Some(said.was),
        feels: said.feels,
        instead: said.instead,
        why: said.why,
        shown_as: Some(said.shown_as),
        state: SuggestionState::Decided,
        decision: Some(decision()),
        after: None,
        received_at: Some("2026-11-23T14:02:00.000Z".into()),
    }
}

fn withdrawn() -> Suggestion {
    Suggestion {
        was: None,
        feels: None,
        instead: None,
        shown_as: None,
        state: SuggestionState::Withdrawn,
        decision: None,
        ..suggestion()
    }
}

fn of_group() -> GroupSuggestion {
    let said = send();
    GroupSuggestion {
        group: GroupId(uuid(50)),
        document: said.document,
        phrase: said.phrase,
        was: said.was,
        feels: said.feels,
        instead: said.instead,
        why: said.why,
        who: Some("S.L.".into()),
        proposed: Some("What helps".into()),
        state: SuggestionState::WithGroup,
        decision: None,
        supports: 2,
        at: "2026-11-23T14:02:00.000Z".into(),
    }
}

fn comment() -> Comment {
    Comment {
        suggestion: id(),
        person: Some(PersonId(uuid(51))),
        words: Some("Yes".into()),
        at: Some("2026-11-23T14:05:00.000Z".into()),
        state: CommentState::Shown,
    }
}

/// A copy with what its person said about our words.
pub fn in_copy(copy: Copy) -> Copy {
    let comment = comment();
    Copy {
        suggestions: vec![CopiedSuggestion {
            id: uuid(70),
            title: Some("Recovery plan".into()),
            how_far: HowFar::Sent,
            suggestion: suggestion(),
        }],
        comments: vec![CopiedComment {
            id: uuid(73),
            how_far: HowFar::NotYet,
            comment,
        }],
        ..copy
    }
}

/// All of it.
pub fn shapes() -> Vec<Shape> {
    let mut shapes = commands();
    shapes.extend([
        shape("record.document", &document()),
        shape("record.suggestion", &suggestion()),
        shape("record.suggestion.withdrawn", &withdrawn()),
        shape("record.group_suggestion", &of_group()),
        shape("record.support", &Support { state: None }),
        shape("record.suggestion_comment", &comment()),
    ]);
    shapes
}
