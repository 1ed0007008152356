//! What members say about the words of documents, and what their phones and their group's are told.

use crate::{
    groups::a_group_here,
    site::{Phone, Site, record, said, wire},
};
use app::{
    domain::{
        command::Command,
        group::{GroupAct, InGroup},
        id::{DocumentId, GroupId, PhraseId, StaffId, SuggestionId},
        member::Rename,
        record::kind,
        words::{
            Document, DocumentKind, DocumentState, Phrase,
            split::split,
            suggestion::{
                Comment, CommentState, GroupSuggestion, Says, Send, ShownAs, Suggestion,
                SuggestionState, Support,
            },
        },
    },
    sync::wire::SyncResponse,
};
use server::{
    commands::words_desk::{OnSuggestion, WordsAction, WordsDone},
    db::words::{self, Details, DocumentRow},
    verify,
};
use uuid::Uuid;

/// The demo's form in short.
pub const TEXT: &str = "# My goals for the future\n\nYou must fill in every box. Thank you.";

/// A document that can be brought in.
pub fn a_document(group: Option<GroupId>, only_group: bool) -> DocumentRow {
    let pieces = split(TEXT).expect("phrases").into_iter();
    let phrases = pieces.map(|piece| Phrase {
        id: PhraseId(Uuid::now_v7()),
        part: piece.part,
        text: piece.text,
        joins: piece.joins,
        key: None,
    });
    DocumentRow {
        id: DocumentId(Uuid::now_v7()),
        kind: DocumentKind::Form,
        details: Details {
            title: "Recovery plan".to_owned(),
            about: None,
            group,
            only_group,
            state: DocumentState::Open,
        },
        section: None,
        version: 1,
        phrases: phrases.collect(),
        draft: None,
        edit: 0,
    }
}

/// Brings one in.
pub async fn here(site: &Site, by: StaffId, row: &DocumentRow) {
    let row = row.clone();
    let write = site
        .app
        .writer
        .run(move |tx| Box::pin(async move { words::add(tx, &row, (by, 0)).await }));
    write.await.expect("a document");
}

/// What somebody says about a phrase.
pub fn says(row: &DocumentRow, place: usize, feels: &str, shown_as: ShownAs) -> Send {
    Send {
        suggestion: SuggestionId(Uuid::now_v7()),
        document: row.id,
        phrase: row.phrases[place].id,
        version: row.version,
        was: row.phrases[place].text.clone(),
        feels: Some(feels.to_owned()),
        instead: Some("What helps me".to_owned()),
        why: None,
        shown_as,
    }
}

pub fn sends(it: &Send) -> Command {
    Command::from(Says::Send(Box::new(it.clone())))
}

/// A document about which this phone's member said something.
pub async fn said_in(
    site: &Site,
    group: Option<GroupId>,
    phone: &mut Phone<'_>,
    feels: &str,
) -> (DocumentId, SuggestionId) {
    let by = site.staff(&Uuid::now_v7().to_string(), &[]).await;
    let row = a_document(group, false);
    here(site, by, &row).await;
    let said = says(&row, 0, feels, ShownAs::None);
    assert_eq!(phone.does(&sends(&said)).await, "applied");
    (row.id, said.suggestion)
}

/// Does something at the desk that must be done.
pub async fn on(site: &Site, by: StaffId, it: &Send, action: OnSuggestion) {
    let action = WordsAction::On(it.suggestion, Box::new(action));
    let done = site.app.writer.words(by, it.document, action).await;
    assert_eq!(done.expect("a step"), WordsDone::Done);
}

pub async fn joins(phone: &mut Phone<'_>, group: GroupId) {
    let it = InGroup {
        agreement: Some(1),
        ..InGroup::new(GroupAct::Join, group)
    };
    assert_eq!(phone.does(&Command::from(it)).await, "applied");
}

/// Everything that the phone may read, from the start.
pub async fn all(phone: &mut Phone<'_>) -> SyncResponse {
    phone.cursor = None;
    phone.sync(&[]).await
}

/// The record of this kind and id, as a phone reads it from the start.
pub async fn told<T: serde::de::DeserializeOwned>(
    phone: &mut Phone<'_>,
    kind: &str,
    id: impl ToString,
) -> Option<T> {
    let (response, id) = (all(phone).await, id.to_string());
    let mut found = response.changes.iter();
    let found = found.find(|change| change.kind == kind && change.id == id && !change.deleted);
    let body = found.and_then(|change| change.body.as_ref())?;
    Some(serde_json::from_str(body.0.get()).expect("a record of its kind"))
}

pub async fn is_sound(site: &Site) {
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert!(faults.is_empty(), "{faults:?}");
}

async fn with_group(site: &Site) -> (StaffId, GroupId, DocumentRow) {
    let by = site.staff("priya", &[]).await;
    let group = a_group_here(site).await;
    let row = a_document(Some(group), false);
    here(site, by, &row).await;
    (by, group, row)
}

#[tokio::test]
async fn everyone_reads_public_words_and_says_something_in_no_group_at_all() {
    let site = Site::new().await;
    let (_, _, row) = with_group(&site).await;
    let shown: Option<Document> = record(&Phone::new(&site).sync(&[]).await, row.id);
    assert_eq!(shown.unwrap().phrases, row.phrases);
    let mut kit = site.named("Kit").await;
    let it = says(&row, 0, "It makes my stomach turn", ShownAs::Name);
    assert_eq!(kit.does(&sends(&it)).await, "applied");
    let mine: Suggestion = told(&mut kit, kind::SUGGESTION, it.suggestion)
        .await
        .unwrap();
    assert_eq!(mine.state, SuggestionState::Received);
    assert_eq!(mine.was.as_deref(), Some("My goals for the future"));
    assert_eq!(mine.feels, it.feels);
    // Nobody else's phone is told of it.
    let mut sam = site.named("Sam").await;
    assert!(
        told::<Suggestion>(&mut sam, kind::SUGGESTION, it.suggestion)
            .await
            .is_none()
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn words_that_only_a_group_reads_reach_nobody_else_and_take_nothing_from_them() {
    let site = Site::new().await;
    let by = site.staff("priya", &[]).await;
    let group = a_group_here(&site).await;
    let row = a_document(Some(group), true);
    here(&site, by, &row).await;
    let mut kit = site.named("Kit").await;
    let it = says(&row, 0, "Hm", ShownAs::None);
    assert!(
        told::<Document>(&mut kit, kind::DOCUMENT, row.id)
            .await
            .is_none()
    );
    assert_eq!(kit.does(&sends(&it)).await, "not_in_group");
    joins(&mut kit, group).await;
    assert!(
        told::<Document>(&mut kit, kind::DOCUMENT, row.id)
            .await
            .is_some()
    );
    let it = says(&row, 0, "Hm", ShownAs::None);
    assert_eq!(kit.does(&sends(&it)).await, "applied");
    let leave = Command::from(InGroup::new(GroupAct::Leave, group));
    assert_eq!(kit.does(&leave).await, "applied");
    assert!(
        told::<Document>(&mut kit, kind::DOCUMENT, row.id)
            .await
            .is_none()
    );
    assert!(
        told::<Suggestion>(&mut kit, kind::SUGGESTION, it.suggestion)
            .await
            .is_some()
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn what_is_not_there_closed_or_no_suggestion_is_refused_and_words_come_back() {
    let site = Site::new().await;
    let (by, _, mut row) = with_group(&site).await;
    let mut kit = site.named("Kit").await;
    let nowhere = a_document(None, false);
    let it = says(&nowhere, 0, "Hm", ShownAs::None);
    assert_eq!(kit.does(&sends(&it)).await, "no_such_words");
    let mut other_phrase = says(&row, 0, "Hm", ShownAs::None);
    other_phrase.phrase = PhraseId(Uuid::now_v7());
    assert_eq!(kit.does(&sends(&other_phrase)).await, "no_such_words");
    let empty = Send {
        feels: None,
        instead: None,
        why: Some("Because".into()),
        ..says(&row, 0, "", ShownAs::None)
    };
    assert_eq!(kit.does(&sends(&empty)).await, "malformed");
    let details = Details {
        state: DocumentState::Closed,
        ..row.details.clone()
    };
    row.edit = 1;
    let change = WordsAction::Change(Box::new(details), 1);
    let done = site.app.writer.words(by, row.id, change).await.unwrap();
    assert_eq!(done, WordsDone::Done);
    let it = says(&row, 0, "Hm", ShownAs::None);
    assert_eq!(kit.does(&sends(&it)).await, "no_such_words");
    is_sound(&site).await;
}

#[tokio::test]
async fn the_phrase_is_kept_as_the_version_had_it_whatever_a_phone_claims() {
    let site = Site::new().await;
    let (_, _, row) = with_group(&site).await;
    let mut kit = site.named("Kit").await;
    let it = Send {
        was: "Something else".to_owned(),
        ..says(&row, 1, "Hm", ShownAs::None)
    };
    assert_eq!(kit.does(&sends(&it)).await, "applied");
    let mine: Suggestion = told(&mut kit, kind::SUGGESTION, it.suggestion)
        .await
        .unwrap();
    assert_eq!(mine.was.as_deref(), Some("You must fill in every box."));
}

#[tokio::test]
async fn taking_back_wins_whatever_the_order_and_nothing_of_it_is_left() {
    let site = Site::new().await;
    let (by, group, row) = with_group(&site).await;
    let mut kit = site.named("Kit").await;
    let mut sam = site.named("Sam").await;
    joins(&mut sam, group).await;
    // Before it came.
    let late = says(&row, 0, "SECRET before", ShownAs::None);
    let back = Command::from(Says::Withdraw(late.suggestion));
    assert_eq!(kit.does(&back).await, "applied");
    assert_eq!(kit.does(&sends(&late)).await, "applied");
    assert!(
        told::<Suggestion>(&mut kit, kind::SUGGESTION, late.suggestion)
            .await
            .is_none()
    );
    // In one request, and once the group has it before it.
    let both = says(&row, 0, "SECRET both", ShownAs::None);
    let back = Command::from(Says::Withdraw(both.suggestion));
    kit.sync(&[wire(&sends(&both)), wire(&back)]).await;
    let given = says(&row, 0, "SECRET given", ShownAs::Name);
    assert_eq!(kit.does(&sends(&given)).await, "applied");
    on(&site, by, &given, OnSuggestion::Give).await;
    let comment = Uuid::now_v7();
    let says_so = Says::Comment(given.suggestion, comment, "SECRET comment".into());
    assert_eq!(sam.does(&Command::from(says_so)).await, "applied");
    let supports = Command::from(Says::Support(given.suggestion));
    assert_eq!(sam.does(&supports).await, "applied");
    let mut others = site.named("Ada").await;
    let back = Command::from(Says::Withdraw(given.suggestion));
    assert_eq!(others.does(&back).await, "not_yours");
    assert_eq!(kit.does(&back).await, "applied");
    assert_eq!(kit.does(&sends(&given)).await, "applied");
    for it in [&both, &given] {
        let mine: Suggestion = told(&mut kit, kind::SUGGESTION, it.suggestion)
            .await
            .unwrap();
        assert_eq!(
            (mine.state, mine.feels, mine.was),
            (SuggestionState::Withdrawn, None, None)
        );
    }
    assert!(
        told::<GroupSuggestion>(&mut sam, kind::GROUP_SUGGESTION, given.suggestion)
            .await
            .is_none()
    );
    assert!(
        told::<Comment>(&mut sam, kind::SUGGESTION_COMMENT, comment)
            .await
            .is_none()
    );
    assert!(
        told::<Support>(&mut sam, kind::SUPPORT, given.suggestion)
            .await
            .is_none()
    );
    // Afterwards nothing more is said about it: words come back, the rest is nothing.
    let more = Says::Comment(given.suggestion, Uuid::now_v7(), "More".into());
    assert_eq!(sam.does(&Command::from(more)).await, "no_such_words");
    assert_eq!(sam.does(&supports).await, "applied");
    for table in ["suggestions", "suggestion_comments", "feed"] {
        let rows: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(match table {
            "feed" => "select count(*) from feed where body like '%SECRET%'",
            "suggestions" => "select count(*) from suggestions where feels like '%SECRET%'",
            _ => "select count(*) from suggestion_comments where words like '%SECRET%'",
        }))
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
        assert_eq!(rows, 0, "{table}");
    }
    is_sound(&site).await;
}

#[tokio::test]
async fn a_group_sees_what_it_was_given_with_no_more_of_who_than_they_chose() {
    let site = Site::new().await;
    let (by, group, row) = with_group(&site).await;
    let mut kit = site.named("Kit Lee").await;
    let mut sam = site.named("Sam").await;
    joins(&mut sam, group).await;
    let shown = [ShownAs::None, ShownAs::Initials, ShownAs::Name];
    let said_all = shown.map(|shown| says(&row, 0, "Hm", shown));
    for it in &said_all {
        assert_eq!(kit.does(&sends(it)).await, "applied");
        let seen = told::<GroupSuggestion>(&mut sam, kind::GROUP_SUGGESTION, it.suggestion).await;
        assert!(seen.is_none(), "nobody has given it to them");
        on(&site, by, it, OnSuggestion::Give).await;
    }
    let mut who = Vec::new();
    for it in &said_all {
        let seen: GroupSuggestion = told(&mut sam, kind::GROUP_SUGGESTION, it.suggestion)
            .await
            .unwrap();
        assert_eq!(seen.state, SuggestionState::WithGroup);
        who.push(seen.who);
    }
    assert_eq!(
        who,
        [None, Some("K.L.".to_owned()), Some("Kit Lee".to_owned())]
    );
    let whole = serde_json::to_string(&all(&mut sam).await).unwrap();
    assert!(
        !whole.contains(&kit.id().to_string()),
        "no id of whoever said it"
    );
    let rename = Command::Rename(Rename {
        member: kit.id(),
        name: Some("Kim".into()),
    });
    assert_eq!(kit.does(&rename).await, "applied");
    let seen: GroupSuggestion = told(&mut sam, kind::GROUP_SUGGESTION, said_all[2].suggestion)
        .await
        .unwrap();
    assert_eq!(seen.who.as_deref(), Some("Kim"));
    is_sound(&site).await;
}

#[tokio::test]
async fn people_of_the_group_say_that_it_speaks_for_them_and_comment_and_take_both_back() {
    let site = Site::new().await;
    let (by, group, row) = with_group(&site).await;
    let mut kit = site.named("Kit").await;
    let mut sam = site.named("Sam").await;
    let it = says(&row, 0, "Hm", ShownAs::None);
    kit.does(&sends(&it)).await;
    on(&site, by, &it, OnSuggestion::Give).await;
    let supports = Command::from(Says::Support(it.suggestion));
    let (comment, words) = (Uuid::now_v7(), "<b>\u{202e}Yes</b> 😀");
    let comments = Command::from(Says::Comment(it.suggestion, comment, words.into()));
    assert_eq!(sam.does(&supports).await, "not_in_group");
    assert_eq!(sam.does(&comments).await, "not_in_group");
    joins(&mut sam, group).await;
    // Joining and saying it in one go.
    let mut ada = site.named("Ada").await;
    let join = Command::from(InGroup {
        agreement: Some(1),
        ..InGroup::new(GroupAct::Join, group)
    });
    let response = ada.sync(&[wire(&join), wire(&supports)]).await;
    assert!(response.outcomes.iter().all(|one| said(one) == "applied"));
    for command in [&supports, &comments] {
        // A retry from another command changes nothing.
        assert_eq!(sam.does(command).await, "applied");
        assert_eq!(sam.does(command).await, "applied");
    }
    let seen: GroupSuggestion = told(&mut sam, kind::GROUP_SUGGESTION, it.suggestion)
        .await
        .unwrap();
    assert_eq!(seen.supports, 2);
    assert!(
        told::<Support>(&mut sam, kind::SUPPORT, it.suggestion)
            .await
            .is_some()
    );
    let written: Comment = told(&mut ada, kind::SUGGESTION_COMMENT, comment)
        .await
        .unwrap();
    assert_eq!(written.words.as_deref(), Some(words));
    // Its own writer needs none, and one's own words are one's own to take back.
    assert_eq!(kit.does(&supports).await, "applied");
    let back = Command::from(Says::TakeBackComment(it.suggestion, comment));
    assert_eq!(ada.does(&back).await, "not_yours");
    assert_eq!(sam.does(&back).await, "applied");
    let not = Command::from(Says::Unsupport(it.suggestion));
    assert_eq!(sam.does(&not).await, "applied");
    let seen: GroupSuggestion = told(&mut sam, kind::GROUP_SUGGESTION, it.suggestion)
        .await
        .unwrap();
    assert_eq!(seen.supports, 1);
    let written: Comment = told(&mut ada, kind::SUGGESTION_COMMENT, comment)
        .await
        .unwrap();
    assert_eq!(
        (written.state, written.words),
        (CommentState::TakenBack, None)
    );
    // Taken back before it came.
    let late = Uuid::now_v7();
    let back = Command::from(Says::TakeBackComment(it.suggestion, late));
    assert_eq!(sam.does(&back).await, "applied");
    let write = Command::from(Says::Comment(it.suggestion, late, "SECRET".into()));
    assert_eq!(sam.does(&write).await, "applied");
    assert!(
        told::<Comment>(&mut ada, kind::SUGGESTION_COMMENT, late)
            .await
            .is_none()
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn who_leaves_chorus_leaves_nothing_that_they_said_about_words() {
    let site = Site::new().await;
    let (by, group, row) = with_group(&site).await;
    let mut kit = site.named("Kit").await;
    let mut sam = site.named("Sam").await;
    joins(&mut sam, group).await;
    joins(&mut kit, group).await;
    let kits = says(&row, 0, "From Kit", ShownAs::Name);
    let sams = says(&row, 0, "From Sam", ShownAs::Name);
    kit.does(&sends(&kits)).await;
    sam.does(&sends(&sams)).await;
    for it in [&kits, &sams] {
        on(&site, by, it, OnSuggestion::Give).await;
    }
    let comment = Uuid::now_v7();
    for says in [
        Says::Support(sams.suggestion),
        Says::Comment(sams.suggestion, comment, "From Kit too".into()),
    ] {
        assert_eq!(kit.does(&Command::from(says)).await, "applied");
    }
    assert_eq!(kit.does(&Command::Leave(kit.id())).await, "applied");
    let whole = serde_json::to_string(&all(&mut sam).await).unwrap();
    assert!(!whole.contains("From Kit"));
    let seen: GroupSuggestion = told(&mut sam, kind::GROUP_SUGGESTION, sams.suggestion)
        .await
        .unwrap();
    assert_eq!(seen.supports, 0);
    is_sound(&site).await;
}
