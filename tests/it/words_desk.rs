//! The words of documents at the desk: bringing one in, its versions, and working on what is said until it is decided.

use crate::{
    desk::{Desk, at_the_desk, escape, hire, page, signed_in},
    groups::a_group_here,
    lead_accounts::leads,
    site::{Phone, Site},
    words::{a_document, here, is_sound, joins, on, says, sends, told},
};
use app::{
    domain::{
        command::Command,
        id::{DocumentId, GroupId, StaffId},
        record::kind,
        words::{
            Document,
            suggestion::{
                Comment, CommentState, GroupSuggestion, Outcome, Says, Send, ShownAs, Suggestion,
                SuggestionState,
            },
        },
    },
    lang::en::words as said_as,
};
use axum::{
    body::Body,
    http::{Request, header},
};
use server::{
    commands::words_desk::OnSuggestion,
    db::{
        staff::Role,
        words::{self, DocumentRow},
    },
    retention,
};
use uuid::Uuid;

const ODD: &str = "<script>alert(1)</script> \u{202e}odd 😀";

async fn row(site: &Site, id: DocumentId) -> DocumentRow {
    let mut reader = site.app.db.reader().await.unwrap();
    words::find(&mut reader, id).await.unwrap().unwrap()
}

/// The only document there is.
async fn the_document(site: &Site) -> DocumentRow {
    let id: String = sqlx::query_scalar("select id from documents")
        .fetch_one(&site.app.db.pool)
        .await
        .expect("one document");
    row(site, id.parse().unwrap()).await
}

async fn backs(site: &Site, group: GroupId, by: StaffId) {
    let write = site.app.writer.run(move |tx| {
        Box::pin(async move { server::db::groups::set_backup(tx, group, Some(by)).await })
    });
    write.await.expect("a backup");
}

#[tokio::test]
async fn a_document_is_seen_as_phrases_before_anyone_else_sees_it() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let text = format!("# Your plan\n\nHello there. {ODD}\n\n- One\n- Two");
    let form = format!(
        "title={}&about=&kind=form&text={}",
        escape("A <b>plan</b>"),
        escape(&text)
    );
    let seen = desk
        .post("/staff/words/new", &format!("{form}&step=see"))
        .await;
    assert_eq!(seen.status, 200);
    let seen = page(&seen);
    assert!(
        seen.contains("5 phrases") && seen.contains("&lt;script&gt;"),
        "{seen}"
    );
    assert!(!seen.contains("<script>alert") && !seen.contains("<b>plan"));
    let none: i64 = sqlx::query_scalar("select count(*) from documents")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(none, 0, "nothing is kept by looking");
    let kept = desk
        .post("/staff/words/new", &format!("{form}&step=keep"))
        .await;
    assert_eq!(kept.status, 303);
    let document = the_document(&site).await;
    let mut kit = site.named("Kit").await;
    let shown: Document = told(&mut kit, kind::DOCUMENT, document.id).await.unwrap();
    assert_eq!(shown.title, "A <b>plan</b>");
    assert_eq!(shown.phrases[2].text, ODD);
    let board = desk.read(kept.header("location")).await;
    assert!(board.contains(said_as::DONE_KEPT.get()));
    // Looking around without the app, too, and none of it runs.
    let visitor = Phone::new(&site);
    let request = Request::get(format!("/our-words/{}", document.id)).body(Body::empty());
    let drawn = page(&visitor.site.send(request.unwrap()).await);
    assert!(
        drawn.contains("Hello there.") && !drawn.contains("<script>alert"),
        "{drawn}"
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn what_cannot_be_brought_in_comes_back_with_every_word() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    for (form, problem) in [
        ("title=&text=Hello.", said_as::PROBLEM_TITLE),
        ("title=Plan&text=+++", said_as::PROBLEM_EMPTY),
        ("title=Plan&text=Hello.&only=yes", said_as::PROBLEM_ONLY),
        (
            "title=Plan&kind=app&section=nothing",
            said_as::PROBLEM_SECTION,
        ),
    ] {
        let answer = desk
            .post(
                "/staff/words/new",
                &format!("{form}&about=For+you&step=keep"),
            )
            .await;
        assert_eq!(answer.status, 422, "{form}");
        let answer = page(&answer);
        assert!(
            answer.contains(problem.get()) && answer.contains("For you"),
            "{form}"
        );
    }
    let long = "word. ".repeat(8_000);
    let form = format!("title=Plan&text={}&step=keep", escape(&long));
    let answer = desk.post("/staff/words/new", &form).await;
    assert_eq!(answer.status, 422);
    assert!(page(&answer).contains(said_as::PROBLEM_LONG.get()));
}

#[tokio::test]
async fn the_words_of_a_text_file_stand_in_the_form_and_nothing_else_does() {
    let site = Site::new().await;
    let desk = at_the_desk(&site, "priya", &[]).await;
    let send = async |bytes: &[u8]| {
        let mut body =
            b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.md\"\r\n\r\n"
                .to_vec();
        body.extend(bytes);
        body.extend(b"\r\n--x--\r\n");
        let request = Request::post("/staff/words/file")
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, desk.cookie.clone().unwrap())
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
            .body(Body::from(body));
        site.send(request.unwrap()).await
    };
    let taken = send("\u{feff}# Héllo\r\n</textarea><b>".as_bytes()).await;
    assert_eq!(taken.status, 200);
    let taken = page(&taken);
    assert!(
        taken.contains("# Héllo\n&lt;/textarea&gt;&lt;b&gt;"),
        "{taken}"
    );
    for no_text in [
        &b"\xff\xfe\x00"[..],
        b"PK\x03\x04\x00",
        b" \n",
        &vec![b'x'; 210 * 1024],
    ] {
        let refused = send(no_text).await;
        assert_eq!(refused.status, 422);
        assert!(page(&refused).contains(said_as::FILE_PROBLEM.get()));
    }
}

/// A group with a document, about whose first phrase Kit said something; and Priya at the desk.
struct Scene<'a> {
    priya: StaffId,
    desk: Desk<'a>,
    group: GroupId,
    document: DocumentRow,
    kit: Phone<'a>,
    said: Send,
}

impl<'a> Scene<'a> {
    async fn new(site: &'a Site) -> Self {
        let priya = hire(site, "priya", Role::Staff, &[]).await;
        let group = a_group_here(site).await;
        let document = a_document(Some(group), false);
        here(site, priya, &document).await;
        let mut kit = site.named("Kit").await;
        let said = says(&document, 0, "It makes my stomach turn", ShownAs::Initials);
        assert_eq!(kit.does(&sends(&said)).await, "applied");
        Self {
            priya,
            desk: signed_in(site, "priya").await,
            group,
            document,
            kit,
            said,
        }
    }

    fn path(&self) -> String {
        format!("/staff/words/{}", self.document.id)
    }

    fn path_of(&self, it: &Send) -> String {
        format!("{}/suggestions/{}", self.path(), it.suggestion)
    }

    /// How what Kit said stands on Kit's phone.
    async fn mine(&mut self) -> Suggestion {
        let id = self.said.suggestion;
        told(&mut self.kit, kind::SUGGESTION, id)
            .await
            .expect("it is told")
    }

    async fn step(&mut self, form: &str) -> u16 {
        let path = self.path_of(&self.said);
        self.desk.post(&path, form).await.status.as_u16()
    }
}

#[tokio::test]
async fn from_what_a_member_said_to_the_decision_that_they_read() {
    let site = Site::new().await;
    let mut all = Scene::new(&site).await;
    let list = all.desk.read("/staff/words").await;
    assert!(list.contains("Recovery plan") && list.contains("Gentler words"));
    let board = all.desk.read(&all.path()).await;
    assert!(board.contains("My goals for the future") && board.contains("What helps me"));
    let path = all.path_of(&all.said);
    let shown = all.desk.read(&path).await;
    assert!(shown.contains("It makes my stomach turn") && shown.contains("From K.,"));
    assert!(!shown.contains("Kit"), "no more of who than they chose");

    assert_eq!(all.step("step=take_on").await, 303);
    assert_eq!(all.mine().await.state, SuggestionState::Looking);
    assert_eq!(all.step("step=give").await, 303);
    assert_eq!(all.mine().await.state, SuggestionState::WithGroup);
    assert_eq!(all.step("step=take_on").await, 409, "it does not go back");
    assert_eq!(all.step("step=propose&words=What+helps+me").await, 303);
    let shown = all.desk.read(&path).await;
    assert!(
        shown.contains("<del>") && shown.contains("<ins>"),
        "{shown}"
    );

    let decide = format!("{path}/decide");
    let form = "outcome=changed&reason=It+frightened+people.&took_part=The+group&words=What+helps+me\
        &look_again=2027-05-01&note=For+us+alone";
    let seen = all.desk.post(&decide, &format!("{form}&step=see")).await;
    assert_eq!(seen.status, 200);
    assert!(page(&seen).contains("Why: It frightened people."));
    assert_eq!(
        all.mine().await.state,
        SuggestionState::WithGroup,
        "looking decides nothing"
    );
    let sent = all.desk.post(&decide, &format!("{form}&step=send")).await;
    assert_eq!(sent.status, 303);
    let mine = all.mine().await;
    let decision = mine.decision.expect("a decision");
    assert_eq!(mine.state, SuggestionState::Decided);
    assert_eq!(decision.outcome, Outcome::Changed);
    assert_eq!(decision.reason, "It frightened people.");
    assert_eq!(decision.took_part, "The group");
    assert_eq!(decision.words.as_deref(), Some("What helps me"));
    assert_eq!(decision.look_again.as_deref(), Some("2027-05-01"));
    // The note for staff is on no phone.
    let leaked: i64 =
        sqlx::query_scalar("select count(*) from feed where body like '%For us alone%'")
            .fetch_one(&site.app.db.pool)
            .await
            .unwrap();
    assert_eq!(leaked, 0);
    assert!(all.desk.read(&path).await.contains("For us alone"));
    // The new words wait for the next version, and change nothing before that.
    let now = row(&site, all.document.id).await;
    assert_eq!(now.phrases[0].text, "My goals for the future");
    assert_eq!(now.next()[0].text, "What helps me");
    let log = all.desk.read(&all.path()).await;
    assert!(log.contains(said_as::NEXT_BEGUN.get()));
    is_sound(&site).await;
}

/// What came of decisions: the kind, what was done, why, and who took part.
async fn came_of(site: &Site) -> Vec<(String, String, String, String)> {
    let said = "select kind, we_did, why, who_took_part from changes \
                where source_kind = 'suggestion' order by made_at, id";
    let rows = sqlx::query_as(said).fetch_all(&site.app.db.pool).await;
    rows.unwrap()
}

#[tokio::test]
async fn a_decision_begins_what_changed_with_nothing_of_the_writer_and_that_the_note_for_staff() {
    let site = Site::new().await;
    let mut all = Scene::new(&site).await;
    let decide = format!("{}/decide", all.path_of(&all.said));
    let form =
        "outcome=changed&reason=It+frightened+people.&took_part=The+group&words=What+helps+me";
    // Putting it right begins nothing a second time.
    for _ in 0..2 {
        let sent = all.desk.post(&decide, &format!("{form}&step=send")).await;
        assert_eq!(sent.status, 303);
    }
    let began = [
        "done",
        "What helps me",
        "It frightened people.",
        "The group",
    ]
    .map(str::to_owned);
    let [kind, did, why, who] = began;
    assert_eq!(came_of(&site).await, [(kind, did, why, who)]);
    let said: String = sqlx::query_scalar("select you_said from changes")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(
        said, "",
        "what somebody wrote to the group goes no further by itself"
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn nothing_is_decided_without_a_reason_and_who_took_part() {
    let site = Site::new().await;
    let mut all = Scene::new(&site).await;
    let decide = format!("{}/decide", all.path_of(&all.said));
    for (form, problem) in [
        ("reason=Because&took_part=Us", said_as::PROBLEM_OUTCOME),
        (
            "outcome=merged&reason=Because&took_part=Us",
            said_as::PROBLEM_OUTCOME,
        ),
        (
            "outcome=changed&reason=+&took_part=Us",
            said_as::PROBLEM_REASON,
        ),
        ("outcome=changed&reason=Because", said_as::PROBLEM_TOOK_PART),
        (
            "outcome=changed&reason=Because&took_part=Us&look_again=soon",
            said_as::PROBLEM_DAY,
        ),
    ] {
        let answer = all
            .desk
            .post(&decide, &format!("{form}&note=Kept&step=send"))
            .await;
        assert_eq!(answer.status, 422, "{form}");
        let answer = page(&answer);
        assert!(
            answer.contains(problem.get()) && answer.contains("Kept"),
            "{form}"
        );
    }
    assert_eq!(all.mine().await.state, SuggestionState::Received);
    // Putting a decision right tells its writer again, and the last one counts.
    for reason in ["First", "Better"] {
        let form = format!("outcome=not_changed&reason={reason}&took_part=Us&step=send");
        assert_eq!(all.desk.post(&decide, &form).await.status, 303);
    }
    let mine = all.mine().await;
    assert_eq!(mine.decision.unwrap().reason, "Better");
    let kept: i64 = sqlx::query_scalar("select count(*) from suggestion_decisions")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(kept, 2, "no decision is written over");
    is_sound(&site).await;
}

#[tokio::test]
async fn those_that_go_on_together_are_told_the_same_and_part_when_the_other_is_taken_back() {
    let site = Site::new().await;
    let mut all = Scene::new(&site).await;
    let mut ada = site.named("Ada").await;
    let other = says(&all.document, 0, "Too much", ShownAs::None);
    ada.does(&sends(&other)).await;
    let merge = format!("{}/merge", all.path_of(&all.said));
    let form = "reason=They+say+the+same&took_part=Priya";
    let none = all.desk.post(&merge, form).await;
    assert_eq!(none.status, 422);
    let itself = format!("{form}&into={}", all.said.suggestion);
    assert_eq!(all.desk.post(&merge, &itself).await.status, 409);
    let form = format!("{form}&into={}", other.suggestion);
    assert_eq!(all.desk.post(&merge, &form).await.status, 303);
    let mine = all.mine().await;
    assert_eq!(mine.decision.unwrap().outcome, Outcome::Merged);
    assert!(mine.after.is_none());
    assert_eq!(
        all.step("step=give").await,
        409,
        "it is decided where it went"
    );
    let back = Command::from(Says::Withdraw(other.suggestion));
    // The other one is taken back: this one is looked at by itself again, and its writer is told.
    assert_eq!(ada.does(&back).await, "applied");
    let mine = all.mine().await;
    assert_eq!(
        (mine.state, mine.decision),
        (SuggestionState::Looking, None)
    );
    let third = says(&all.document, 0, "Yes", ShownAs::None);
    ada.does(&sends(&third)).await;
    let form = form.replace(&other.suggestion.to_string(), &third.suggestion.to_string());
    assert_eq!(all.desk.post(&merge, &form).await.status, 303);
    let decide = format!("{}/decide", all.path_of(&third));
    let decided = "outcome=partly&reason=Half+of+it&took_part=Us&step=send";
    assert_eq!(all.desk.post(&decide, decided).await.status, 303);
    let mine = all.mine().await;
    assert_eq!(mine.after.unwrap().reason, "Half of it");
    is_sound(&site).await;
}

#[tokio::test]
async fn a_version_keeps_what_was_said_with_its_phrase_or_beside_it_when_that_is_gone() {
    let site = Site::new().await;
    let mut all = Scene::new(&site).await;
    let gone = says(&all.document, 1, "Like school", ShownAs::None);
    all.kit.does(&sends(&gone)).await;
    let version = format!("{}/version", all.path());
    let begun = all.desk.read(&version).await;
    assert!(begun.contains("## My goals for the future"), "{begun}");
    let text = escape("## What helps me\n\nThank you.");
    let edit = row(&site, all.document.id).await.edit;
    let form = format!("edit={edit}&text={text}");
    let seen = all.desk.post(&version, &format!("{form}&step=see")).await;
    let seen = page(&seen);
    assert!(
        seen.contains(said_as::CAME_GONE.get()) && seen.contains(said_as::SAME_ONE.get()),
        "{seen}"
    );
    // What was seen is an old phrase in other words: whoever writes it says which.
    let first = all.document.phrases[0].id;
    let form = format!("{form}&from.0={first}&step=send");
    assert_eq!(all.desk.post(&version, &form).await.status, 303);
    let now = row(&site, all.document.id).await;
    assert_eq!((now.version, now.phrases[0].id), (2, first));
    assert_eq!(now.phrases[0].text, "What helps me");
    assert_eq!(now.phrases[1].id, all.document.phrases[2].id);
    // Whoever writes the same version twice, or on an older one, is told.
    let again = all.desk.post(&version, &form.replace("helps", "is")).await;
    assert_eq!(again.status, 409);
    // What was said stands as it was, and what is sent about the older version arrives all the same.
    let mine = all.mine().await;
    assert_eq!((mine.version, mine.phrase), (1, first));
    assert_eq!(mine.was.as_deref(), Some("My goals for the future"));
    let late = says(&all.document, 1, "Late", ShownAs::None);
    assert_eq!(all.kit.does(&sends(&late)).await, "applied");
    let board = all.desk.read(&all.path()).await;
    assert!(board.contains(said_as::GONE_PHRASE.get()));
    let shown = all.desk.read(&all.path_of(&gone)).await;
    assert!(shown.contains("You must fill in every box."));
    let old = all.desk.read(&format!("{}/versions/1", all.path())).await;
    assert!(old.contains("My goals for the future"));
    is_sound(&site).await;
}

#[tokio::test]
async fn a_lead_works_on_the_words_of_their_group_and_no_other() {
    let site = Site::new().await;
    let mut all = Scene::new(&site).await;
    let lee = hire(&site, "lee", Role::Lead, &[]).await;
    let mut lead = signed_in(&site, "lee").await;
    let path = all.path_of(&all.said);
    assert_eq!(lead.open(&path).await.status, 404);
    assert_eq!(lead.post(&path, "step=take_on").await.status, 404);
    assert!(!lead.read("/staff/words").await.contains("Recovery plan"));
    leads(&site, lee, all.group, true).await;
    assert!(lead.read("/staff/words").await.contains("Recovery plan"));
    assert_eq!(lead.post(&path, "step=give").await.status, 303);
    // They bring in for their group alone, and publish no words of the app.
    let plain = lead
        .post("/staff/words/new", "title=A&text=Hello.&step=keep")
        .await;
    assert_eq!(plain.status, 422);
    let form = format!("title=A&text=Hello.&group={}&step=keep", all.group);
    assert_eq!(lead.post("/staff/words/new", &form).await.status, 303);
    let form = format!(
        "title=A&kind=app&section=check_in&group={}&step=keep",
        all.group
    );
    assert_eq!(lead.post("/staff/words/new", &form).await.status, 403);
    leads(&site, lee, all.group, false).await;
    let decide = "outcome=changed&reason=Because&took_part=Us&step=send";
    assert_eq!(
        lead.post(&format!("{path}/decide"), decide).await.status,
        404
    );
    assert_eq!(all.mine().await.state, SuggestionState::WithGroup);
}

#[tokio::test]
async fn what_the_group_says_is_for_those_who_look_after_it() {
    let site = Site::new().await;
    let mut all = Scene::new(&site).await;
    on(&site, all.priya, &all.said, OnSuggestion::Give).await;
    let mut sam = site.named("Sam").await;
    joins(&mut sam, all.group).await;
    let comment = Uuid::now_v7();
    let words = "Said among ourselves <i>";
    let says_so = Says::Comment(all.said.suggestion, comment, words.into());
    assert_eq!(sam.does(&Command::from(says_so)).await, "applied");
    let path = all.path_of(&all.said);
    let shown = all.desk.read(&path).await;
    assert!(
        !shown.contains("among ourselves"),
        "Priya does not look after the group"
    );
    let hide = format!("step=hide&comment={comment}");
    assert_eq!(all.step(&hide).await, 403);
    backs(&site, all.group, all.priya).await;
    let shown = all.desk.read(&path).await;
    assert!(shown.contains("Said among ourselves &lt;i&gt;"));
    let noted: i64 = sqlx::query_scalar("select count(*) from audit where action = 'group.read'")
        .fetch_one(&site.app.db.pool)
        .await
        .unwrap();
    assert_eq!(noted, 1, "that it was read is written down");
    assert_eq!(all.step(&hide).await, 303);
    let hidden: Comment = told(&mut sam, kind::SUGGESTION_COMMENT, comment)
        .await
        .unwrap();
    assert_eq!((hidden.state, hidden.words), (CommentState::Hidden, None));
    assert_eq!(all.step(&hide.replace("hide", "show")).await, 303);
    let shown: Comment = told(&mut sam, kind::SUGGESTION_COMMENT, comment)
        .await
        .unwrap();
    assert_eq!(shown.words.as_deref(), Some(words));
    is_sound(&site).await;
}

#[tokio::test]
async fn who_reads_a_document_changes_with_one_press_and_phones_let_go_of_it() {
    let site = Site::new().await;
    let mut all = Scene::new(&site).await;
    let change = format!("{}/change", all.path());
    let edit = row(&site, all.document.id).await.edit;
    let form = format!(
        "title=Plan&about=&state=open&group={}&only=yes&edit={edit}",
        all.group
    );
    assert_eq!(all.desk.post(&change, &form).await.status, 303);
    assert!(
        told::<Document>(&mut all.kit, kind::DOCUMENT, all.document.id)
            .await
            .is_none()
    );
    let stale = all.desk.post(&change, &form).await;
    assert_eq!(stale.status, 409);
    assert!(page(&stale).contains(said_as::PROBLEM_CHANGED.get()));
    // Once the group was given something, no other one takes the document over.
    on(&site, all.priya, &all.said, OnSuggestion::Give).await;
    let edit = row(&site, all.document.id).await.edit;
    let other = a_group_here(&site).await;
    let form = format!("title=Plan&about=&state=open&group={other}&edit={edit}");
    let stays = all.desk.post(&change, &form).await;
    assert_eq!(stays.status, 422);
    assert!(page(&stays).contains(said_as::PROBLEM_GROUP_STAYS.get()));
    let form = format!(
        "title=Plan&about=&state=open&group={}&edit={edit}",
        all.group
    );
    assert_eq!(all.desk.post(&change, &form).await.status, 303);
    assert!(
        told::<Document>(&mut all.kit, kind::DOCUMENT, all.document.id)
            .await
            .is_some()
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn without_a_group_nothing_can_be_given_and_what_was_taken_back_is_not_worked_on() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    let mut kit = site.named("Kit").await;
    let (document, suggestion) = crate::words::said_in(&site, None, &mut kit, "Hm").await;
    let path = format!("/staff/words/{document}/suggestions/{suggestion}");
    assert_eq!(desk.post(&path, "step=give").await.status, 409);
    let back = Command::from(Says::Withdraw(suggestion));
    assert_eq!(kit.does(&back).await, "applied");
    for form in ["step=take_on", "step=propose&words=A"] {
        assert_eq!(desk.post(&path, form).await.status, 409, "{form}");
    }
    let decide = "outcome=changed&reason=Because&took_part=Us&step=send";
    assert_eq!(
        desk.post(&format!("{path}/decide"), decide).await.status,
        409
    );
    let shown = desk.read(&path).await;
    assert!(shown.contains(said_as::TAKEN_BACK.get()) && !shown.contains("Hm"));
    assert!(
        desk.read(&format!("/staff/words/{document}"))
            .await
            .contains(said_as::WITHDRAWN_ONE.get())
    );
}

#[tokio::test]
async fn the_apps_own_words_are_brought_in_by_section_each_under_its_key() {
    let site = Site::new().await;
    let mut desk = at_the_desk(&site, "priya", &[]).await;
    assert!(
        desk.read("/staff/words/new?from=app")
            .await
            .contains("check_in")
    );
    let form = "title=Checking+in&kind=app&section=check_in&step=keep";
    assert_eq!(desk.post("/staff/words/new", form).await.status, 303);
    let document = the_document(&site).await;
    let title = document
        .phrases
        .iter()
        .find(|it| it.key.as_deref() == Some("check_in.title"));
    assert_eq!(title.expect("a title").text, "Check in");
    let version = format!("/staff/words/{}/version", document.id);
    let begun = desk.read(&version).await;
    assert!(begun.contains("name=\"text.check_in.title\""));
    let mut form = format!("edit={}", document.edit);
    for phrase in &document.phrases {
        let key = phrase.key.as_ref().unwrap();
        let words = if key == "check_in.title" {
            "How are you?"
        } else {
            &phrase.text
        };
        form.push_str(&format!("&text.{key}={}", escape(words)));
    }
    let seen = desk.post(&version, &format!("{form}&step=see")).await;
    assert!(page(&seen).contains("How are you?"));
    assert_eq!(
        desk.post(&version, &format!("{form}&step=send"))
            .await
            .status,
        303
    );
    let now = row(&site, document.id).await;
    let title = now
        .phrases
        .iter()
        .find(|it| it.key.as_deref() == Some("check_in.title"));
    assert_eq!(title.unwrap().text, "How are you?");
    assert_eq!(now.version, 2);
    // Members read it at the next sync, and a gap that was lost is put back first.
    let whole = serde_json::to_string(&Phone::new(&site).sync(&[]).await).unwrap();
    assert!(whole.contains("How are you?") && whole.contains("\"wording\""));
    let form = form.replace("%7Bteam%7D", "the+team");
    let form = form.replace(
        &format!("edit={}", document.edit),
        &format!("edit={}", now.edit),
    );
    let lost = desk.post(&version, &format!("{form}&step=send")).await;
    assert_eq!(lost.status, 422);
    assert!(page(&lost).contains("check_in.send"));
    assert_eq!(row(&site, document.id).await.version, 2);
    is_sound(&site).await;
}

#[tokio::test]
async fn what_is_decided_goes_when_its_time_has_come_and_what_is_not_stays() {
    let site = Site::new().await;
    let mut all = Scene::new(&site).await;
    let other = says(&all.document, 1, "Not decided", ShownAs::None);
    all.kit.does(&sends(&other)).await;
    on(&site, all.priya, &all.said, OnSuggestion::Give).await;
    let decide = format!("{}/decide", all.path_of(&all.said));
    let form = "outcome=changed&reason=Because&took_part=Us&step=send";
    assert_eq!(all.desk.post(&decide, form).await.status, 303);
    retention::expire(&site.app).await.unwrap();
    assert_eq!(all.mine().await.state, SuggestionState::Decided);
    let old = site.app.writer.run(|tx| {
        Box::pin(async move {
            sqlx::query("update suggestions set ended_at = 1 where ended_at is not null")
                .execute(tx)
                .await?;
            Ok(())
        })
    });
    old.await.unwrap();
    retention::expire(&site.app).await.unwrap();
    let id = all.said.suggestion;
    assert!(
        told::<Suggestion>(&mut all.kit, kind::SUGGESTION, id)
            .await
            .is_none()
    );
    let mut sam = site.named("Sam").await;
    joins(&mut sam, all.group).await;
    assert!(
        told::<GroupSuggestion>(&mut sam, kind::GROUP_SUGGESTION, id)
            .await
            .is_none()
    );
    let stays = told::<Suggestion>(&mut all.kit, kind::SUGGESTION, other.suggestion).await;
    assert_eq!(stays.unwrap().state, SuggestionState::Received);
    is_sound(&site).await;
}
