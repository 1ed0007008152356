//! The demo's words: the story half-way. A recovery-planning form has a title that people find pressing; somebody said
//! so, the group has it before it, and one thing is decided already. A newcomer can finish it.

use crate::{
    db::{
        groups::people,
        members::{self, MemberRow},
        words::{
            self, Details, DocumentRow,
            suggestions::{self, Deciding},
            voices,
        },
    },
    error::Error,
};
use app::domain::{
    id::{DocumentId, GroupId, MemberId, PhraseId, StaffId, SuggestionId},
    time::{HOUR_MS, Millis},
    words::{
        DocumentKind, DocumentState, Phrase,
        split::split,
        suggestion::{Outcome, Send, ShownAs, SuggestionState},
    },
};
use sqlx::AnyConnection;
use uuid::Uuid;

const FORM: &str = "\
# My goals for the future

This form is about where you want to be in five years. You must fill in every box.

## Warning signs

- What do other people notice when you relapse?
- What have you failed to do before?

## My targets

Write down three targets that you commit to. Your worker will monitor your progress.
";

const LETTER: &str = "\
# Your appointment

We have made an appointment for you. If you fail to attend, you may be discharged.

Please bring this letter with you.
";

/// Adds the form, on which the group works, and a letter that nobody has said anything about.
///
/// # Errors
/// What the database says.
pub async fn fill(
    tx: &mut AnyConnection,
    group: GroupId,
    lead: StaffId,
    now: Millis,
) -> Result<(), Error> {
    let by = (lead, now - 90 * HOUR_MS);
    let about = "We use this form to plan together what helps you to stay well.";
    let form = document("Recovery plan", about, DocumentKind::Form, group, FORM)?;
    words::add(&mut *tx, &form, by).await?;
    let about = "You get this letter before you first come.";
    let letter = document(
        "First appointment",
        about,
        DocumentKind::Letter,
        group,
        LETTER,
    )?;
    words::add(&mut *tx, &letter, by).await?;
    let everyone = people::all(&mut *tx, group).await?;
    let [robin, wren, ..] = &everyone[..] else {
        return Err(Error::NotFound);
    };
    let kit = MemberRow {
        id: MemberId(Uuid::now_v7()),
        name: Some("Kit (made up)".to_owned()),
        team: None,
    };
    members::add(&mut *tx, &kit, now).await?;
    let title = say(
        &mut *tx,
        (kit.id, ShownAs::None, now - 60 * HOUR_MS),
        (&form, "My goals for the future"),
        "It makes my stomach turn. I don't know if I get through this week.",
        "What helps me",
    )
    .await?;
    stand(
        &mut *tx,
        title,
        SuggestionState::WithGroup,
        lead,
        now - 50 * HOUR_MS,
    )
    .await?;
    voices::support(&mut *tx, title, (wren.member, wren.id)).await?;
    let words = "Yes. A plan can be about today.";
    let comment = Uuid::now_v7();
    voices::add_comment(
        &mut *tx,
        comment,
        (title, wren.id),
        words,
        now - 20 * HOUR_MS,
    )
    .await?;
    one_decided(&mut *tx, &form, robin.member, lead, now).await?;
    say(
        tx,
        (wren.member, ShownAs::Name, now - 3 * HOUR_MS),
        (&form, "What have you failed to do before?"),
        "I closed the form here.",
        "What has been hard to keep up?",
    )
    .await?;
    Ok(())
}

/// What is decided already: its new words wait for the next version.
async fn one_decided(
    tx: &mut AnyConnection,
    form: &DocumentRow,
    robin: MemberId,
    lead: StaffId,
    now: Millis,
) -> Result<(), Error> {
    let must = say(
        &mut *tx,
        (robin, ShownAs::Name, now - 70 * HOUR_MS),
        (form, "You must fill in every box."),
        "Like school. I left it all empty.",
        "Fill in as little as you like.",
    )
    .await?;
    decide(&mut *tx, must, lead, now - 30 * HOUR_MS).await?;
    let mut next = form.phrases.clone();
    for phrase in &mut next {
        if phrase.text == "You must fill in every box." {
            "Fill in as little as you like.".clone_into(&mut phrase.text);
        }
    }
    words::keep_draft(tx, form.id, Some(&next)).await
}

fn document(
    title: &str,
    about: &str,
    kind: DocumentKind,
    group: GroupId,
    text: &str,
) -> Result<DocumentRow, Error> {
    let pieces = split(text).map_err(|problem| Error::Internal(problem.to_string()))?;
    let phrases = pieces.into_iter().map(|piece| Phrase {
        id: PhraseId(Uuid::now_v7()),
        part: piece.part,
        text: piece.text,
        joins: piece.joins,
        key: None,
    });
    Ok(DocumentRow {
        id: DocumentId(Uuid::now_v7()),
        kind,
        details: Details {
            title: title.to_owned(),
            about: Some(about.to_owned()),
            group: Some(group),
            only_group: false,
            state: DocumentState::Open,
        },
        section: None,
        version: 1,
        phrases: phrases.collect(),
        draft: None,
        edit: 0,
    })
}

async fn say(
    tx: &mut AnyConnection,
    (member, shown_as, at): (MemberId, ShownAs, Millis),
    (document, was): (&DocumentRow, &str),
    feels: &str,
    instead: &str,
) -> Result<SuggestionId, Error> {
    let phrase = document.phrases.iter().find(|phrase| phrase.text == was);
    let said = Send {
        suggestion: SuggestionId(Uuid::now_v7()),
        document: document.id,
        phrase: phrase.ok_or(Error::NotFound)?.id,
        version: 1,
        was: was.to_owned(),
        feels: Some(feels.to_owned()),
        instead: Some(instead.to_owned()),
        why: None,
        shown_as,
    };
    suggestions::add(tx, member, &said, was, at).await?;
    Ok(said.suggestion)
}

async fn stand(
    tx: &mut AnyConnection,
    id: SuggestionId,
    state: SuggestionState,
    by: StaffId,
    at: Millis,
) -> Result<(), Error> {
    suggestions::stand(&mut *tx, id, state, (by, at)).await?;
    suggestions::tell(tx, id).await
}

async fn decide(
    tx: &mut AnyConnection,
    id: SuggestionId,
    by: StaffId,
    at: Millis,
) -> Result<(), Error> {
    let deciding = Deciding {
        outcome: Outcome::Changed,
        reason: "Nobody has to fill in anything. The form should say so from the start.".to_owned(),
        took_part: "The Letters and words group, and two nurses.".to_owned(),
        words: Some("Fill in as little as you like.".to_owned()),
        look_again: None,
        note: None,
    };
    suggestions::decide(&mut *tx, id, &deciding, (by, at)).await?;
    stand(tx, id, SuggestionState::Decided, by, at).await
}
