//! What members do in involvement groups, and what their phones are told.

use crate::site::{Phone, Site, an_opportunity, record, said, wire};
use app::{
    domain::{
        command::Command,
        group::{
            Group, GroupAct, GroupState, InGroup, Membership, Message, MessageState, Mute, Person,
            Report,
        },
        id::{GroupId, MemberId, OpportunityId, PersonId},
        member::Rename,
        opportunity::{Agreement, Area, More, Opportunity, Raw},
        record::kind,
    },
    sync::wire::SyncResponse,
};
use server::{
    db::groups::{self, leads, messages, people},
    publish, verify,
};
use uuid::Uuid;

/// What the group's page says, as people see it.
pub fn a_group(state: GroupState, agreement: u32) -> Group {
    Group {
        area: Area::Wording,
        title: "Gentler words".to_owned(),
        does: "We read letters, and say how they feel".to_owned(),
        who_for: None,
        meets: Some("Tuesdays".to_owned()),
        led_by: Some("Sam".to_owned()),
        backup: None,
        came_of_it: None,
        agreement: Agreement {
            version: agreement,
            text: "What is said here stays here".to_owned(),
        },
        state,
    }
}

/// An open group with an agreement of version 1.
pub async fn a_group_here(site: &Site) -> GroupId {
    let id = GroupId(Uuid::now_v7());
    let by = site.staff(&Uuid::now_v7().to_string(), &[]).await;
    let write = site.app.writer.run(move |tx| {
        Box::pin(async move {
            groups::add(tx, id, &a_group(GroupState::Open, 1), by, 0).await?;
            groups::set_backup(tx, id, Some(by)).await?;
            groups::publish(tx, id).await
        })
    });
    write.await.expect("a group");
    id
}

/// The group's page is another one now.
pub async fn becomes(site: &Site, id: GroupId, state: GroupState, agreement: u32) {
    let write = site.app.writer.run(move |tx| {
        Box::pin(async move {
            groups::write(tx, id, &a_group(state, agreement)).await?;
            groups::publish(tx, id).await
        })
    });
    write.await.expect("a group");
}

/// Somebody who belongs leads from now on, or no more.
pub async fn leading(site: &Site, group: GroupId, member: MemberId, leads: bool) {
    let by = site.staff(&Uuid::now_v7().to_string(), &[]).await;
    let write = site.app.writer.run(move |tx| {
        Box::pin(async move {
            let row = people::of_member(tx, group, member)
                .await?
                .expect("a person");
            leads::set(tx, &row, leads, Some((by, 0))).await
        })
    });
    write.await.expect("a lead");
}

fn joins(group: GroupId) -> Command {
    Command::from(InGroup {
        agreement: Some(1),
        ..InGroup::new(GroupAct::Join, group)
    })
}

fn leaves(group: GroupId) -> Command {
    Command::from(InGroup::new(GroupAct::Leave, group))
}

fn about(act: GroupAct, group: GroupId, message: Uuid, words: &str) -> Command {
    let words = (!words.is_empty()).then(|| words.to_owned());
    Command::from(InGroup::about(act, group, message, words))
}

fn writes(group: GroupId, words: &str) -> (Uuid, Command) {
    let id = Uuid::now_v7();
    (id, about(GroupAct::Write, group, id, words))
}

fn on(act: GroupAct, group: GroupId, person: PersonId) -> Command {
    Command::from(InGroup {
        person: Some(person),
        ..InGroup::new(act, group)
    })
}

/// Everything that the phone may read, from the start.
async fn all(phone: &mut Phone<'_>) -> SyncResponse {
    phone.cursor = None;
    phone.sync(&[]).await
}

fn scopes(response: &SyncResponse) -> Vec<String> {
    let sums = response.sums.as_ref().expect("all of it");
    sums.keys().map(|scope| scope.to_string()).collect()
}

/// What those who lead are asked to look at.
fn reports(response: &SyncResponse) -> Vec<&str> {
    let all = response.changes.iter();
    let all = all.filter(|change| change.kind == kind::GROUP_REPORT && !change.deleted);
    let bodies = all.filter_map(|change| change.body.as_ref());
    bodies.map(|body| body.0.get()).collect()
}

async fn is_sound(site: &Site) {
    let faults = verify::database(&site.app.config.store).await.unwrap();
    assert!(faults.is_empty(), "{faults:?}");
}

/// How the group knows somebody.
async fn person(phone: &mut Phone<'_>, group: GroupId) -> PersonId {
    let told = all(phone).await;
    let membership: Membership = record(&told, group).expect("a membership");
    membership.person.expect("an id in the group")
}

#[tokio::test]
async fn everyone_reads_a_groups_page_and_only_its_people_what_is_written() {
    let site = Site::new().await;
    let group = a_group_here(&site).await;
    let mut sam = site.named("Sam").await;
    let mut kit = site.named("Kit").await;
    let told: Option<Group> = record(&Phone::new(&site).sync(&[]).await, group);
    assert_eq!(told.unwrap().state, GroupState::Open);

    let (message, write) = writes(group, "Hello all");
    let response = sam.sync(&[wire(&joins(group)), wire(&write)]).await;
    assert!(response.outcomes.iter().all(|one| said(one) == "applied"));
    let told = all(&mut sam).await;
    let said: Message = record(&told, message).unwrap();
    assert_eq!(said.words.as_deref(), Some("Hello all"));
    let me: Membership =
        record(&told, group).expect("the last record of this id is the membership");
    assert_eq!((me.agreement, me.leads), (1, false));
    assert_eq!(said.person, me.person);
    let named: Person = record(&told, me.person.unwrap()).unwrap();
    assert_eq!(named.name.as_deref(), Some("Sam"));

    let told = all(&mut kit).await;
    assert!(record::<Message>(&told, message).is_none());
    assert!(
        scopes(&told)
            .iter()
            .all(|scope| !scope.starts_with("group:"))
    );
    kit.does(&joins(group)).await;
    assert!(record::<Message>(&all(&mut kit).await, message).is_some());

    assert_eq!(sam.does(&leaves(group)).await, "applied");
    let told = all(&mut sam).await;
    assert!(
        scopes(&told)
            .iter()
            .all(|scope| !scope.starts_with("group:"))
    );
    let told = all(&mut kit).await;
    assert!(record::<Person>(&told, me.person.unwrap()).is_none());
    assert!(
        record::<Message>(&told, message).unwrap().words.is_some(),
        "until it is taken back"
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn who_comes_back_is_known_as_before_and_leads_no_more() {
    let site = Site::new().await;
    let group = a_group_here(&site).await;
    let mut sam = site.named("Sam").await;
    sam.does(&joins(group)).await;
    let before = person(&mut sam, group).await;
    leading(&site, group, sam.id(), true).await;
    sam.does(&leaves(group)).await;
    assert_eq!(
        sam.does(&leaves(group)).await,
        "applied",
        "once more is no harm"
    );
    sam.does(&joins(group)).await;
    assert_eq!(person(&mut sam, group).await, before);
    let told: Membership = record(&all(&mut sam).await, group).unwrap();
    assert!(!told.leads);
}

#[tokio::test]
async fn what_is_not_agreed_to_not_open_or_not_theirs_is_refused() {
    let site = Site::new().await;
    let group = a_group_here(&site).await;
    let mut sam = site.member().await;
    let mut kit = site.member().await;
    let (message, write) = writes(group, "Hello");
    assert_eq!(kit.does(&write).await, "not_in_group");
    assert_eq!(
        kit.does(&joins(GroupId(Uuid::now_v7()))).await,
        "no_such_group"
    );
    sam.does(&joins(group)).await;
    sam.does(&write).await;
    kit.does(&joins(group)).await;
    for act in [
        GroupAct::Hide,
        GroupAct::Show,
        GroupAct::Looked,
        GroupAct::TakeBack,
    ] {
        assert_eq!(
            kit.does(&about(act, group, message, "why")).await,
            "not_yours",
            "{act:?}"
        );
    }
    let (_, again) = (message, about(GroupAct::Write, group, message, "Mine"));
    assert_eq!(kit.does(&again).await, "not_yours");
    let own = person(&mut kit, group).await;
    assert_eq!(kit.does(&on(GroupAct::Mute, group, own)).await, "not_yours");
    let nobody = PersonId(Uuid::now_v7());
    assert_eq!(
        kit.does(&on(GroupAct::Mute, group, nobody)).await,
        "not_yours"
    );

    becomes(&site, group, GroupState::Open, 2).await;
    let mut femi = site.member().await;
    assert_eq!(femi.does(&joins(group)).await, "agreement_needed");
    assert_eq!(kit.does(&writes(group, "Hi").1).await, "agreement_needed");
    let agree = Command::from(InGroup {
        agreement: Some(2),
        ..InGroup::new(GroupAct::Join, group)
    });
    assert_eq!(kit.does(&agree).await, "applied");
    assert_eq!(kit.does(&writes(group, "Hi").1).await, "applied");

    becomes(&site, group, GroupState::Paused, 2).await;
    assert_eq!(femi.does(&agree).await, "group_closed");
    assert_eq!(kit.does(&writes(group, "Still here").1).await, "applied");
    becomes(&site, group, GroupState::Ended, 2).await;
    assert_eq!(kit.does(&writes(group, "Over").1).await, "group_closed");
    assert_eq!(kit.does(&leaves(group)).await, "applied");
    assert_eq!(
        sam.does(&about(GroupAct::TakeBack, group, message, ""))
            .await,
        "applied"
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn a_draft_is_nobodys_to_see_or_to_join() {
    let site = Site::new().await;
    let group = GroupId(Uuid::now_v7());
    let by = site.staff("dee", &[]).await;
    let write = site.app.writer.run(move |tx| {
        Box::pin(async move {
            groups::add(tx, group, &a_group(GroupState::Draft, 0), by, 0).await?;
            groups::publish(tx, group).await
        })
    });
    write.await.unwrap();
    let mut sam = site.member().await;
    assert!(record::<Group>(&all(&mut sam).await, group).is_none());
    assert_eq!(sam.does(&joins(group)).await, "no_such_group");
    is_sound(&site).await;
}

#[tokio::test]
async fn words_that_are_taken_back_are_gone_whenever_they_come() {
    let site = Site::new().await;
    let group = a_group_here(&site).await;
    let mut sam = site.member().await;
    let mut kit = site.member().await;
    sam.does(&joins(group)).await;
    kit.does(&joins(group)).await;
    let (first, write) = writes(group, "A secret");
    sam.does(&write).await;
    assert_eq!(
        kit.does(&about(GroupAct::Report, group, first, "It names me"))
            .await,
        "applied"
    );
    sam.does(&about(GroupAct::TakeBack, group, first, "")).await;
    let told: Message = record(&all(&mut kit).await, first).unwrap();
    assert_eq!((told.state, told.words), (MessageState::TakenBack, None));

    // Taken back on one phone before the other one has sent it.
    let (late, write) = writes(group, "Another secret");
    sam.does(&about(GroupAct::TakeBack, group, late, "")).await;
    assert_eq!(sam.does(&write).await, "applied");
    assert!(record::<Message>(&all(&mut kit).await, late).is_none());
    let found = site
        .app
        .writer
        .run(move |tx| Box::pin(messages::find(tx, late)))
        .await;
    assert_eq!(found.unwrap(), None);
    is_sound(&site).await;
}

#[tokio::test]
async fn whoever_leads_is_asked_to_look_on_a_phone_that_seals_and_hides() {
    let site = Site::new().await;
    let group = a_group_here(&site).await;
    let mut sam = site.member().await;
    let mut kit = site.member().await;
    let mut lead = site.member().await;
    for phone in [&mut sam, &mut kit, &mut lead] {
        phone.does(&joins(group)).await;
    }
    leading(&site, group, lead.id(), true).await;
    let (message, write) = writes(group, "Something unkind");
    sam.does(&write).await;
    kit.does(&about(GroupAct::Report, group, message, "It is about me"))
        .await;
    assert!(reports(&all(&mut lead).await).is_empty());
    lead.sealed = true;
    let told = all(&mut lead).await;
    let body = reports(&told)[0];
    let asked: Report = serde_json::from_str(body).unwrap();
    assert_eq!(
        (asked.message, asked.why.as_str()),
        (message, "It is about me")
    );
    let kits = person(&mut kit, group).await;
    assert!(!body.contains(&kits.to_string()) && !body.contains(&kit.id().to_string()));
    // Nobody else is told that somebody asked.
    for phone in [&mut sam, &mut kit] {
        phone.sealed = true;
        assert!(reports(&all(phone).await).is_empty());
    }
    assert_eq!(
        lead.does(&about(
            GroupAct::Hide,
            group,
            message,
            "We agreed to be kind"
        ))
        .await,
        "applied"
    );
    let told: Message = record(&all(&mut kit).await, message).unwrap();
    assert_eq!((told.state, told.words), (MessageState::Hidden, None));
    assert_eq!(told.why.as_deref(), Some("We agreed to be kind"));
    let told = all(&mut lead).await;
    assert!(reports(&told).is_empty(), "it is dealt with");
    assert_eq!(
        lead.does(&about(GroupAct::Show, group, message, "")).await,
        "applied"
    );
    let told: Message = record(&all(&mut kit).await, message).unwrap();
    assert_eq!(told.words.as_deref(), Some("Something unkind"));
    // Asked once more, and looked at without hiding.
    kit.does(&about(GroupAct::Report, group, message, "Still"))
        .await;
    lead.does(&about(GroupAct::Looked, group, message, ""))
        .await;
    leading(&site, group, lead.id(), false).await;
    assert!(
        scopes(&all(&mut lead).await)
            .iter()
            .all(|scope| !scope.starts_with("lead:"))
    );
    assert_eq!(
        lead.does(&about(GroupAct::Hide, group, message, "No more"))
            .await,
        "not_yours"
    );
    is_sound(&site).await;
}

#[tokio::test]
async fn whom_somebody_mutes_is_their_own_business_and_ends_with_leaving() {
    let site = Site::new().await;
    let group = a_group_here(&site).await;
    let mut sam = site.member().await;
    let mut kit = site.member().await;
    sam.does(&joins(group)).await;
    kit.does(&joins(group)).await;
    let sams = person(&mut sam, group).await;
    assert_eq!(kit.does(&on(GroupAct::Mute, group, sams)).await, "applied");
    let muted = |told: &SyncResponse| {
        let own = |change: &&app::sync::wire::RecordChange| {
            change.kind == kind::GROUP_MUTE && !change.deleted
        };
        told.changes.iter().filter(own).count()
    };
    assert_eq!(muted(&all(&mut kit).await), 1);
    assert_eq!(muted(&all(&mut sam).await), 0);
    kit.does(&on(GroupAct::Unmute, group, sams)).await;
    assert_eq!(muted(&all(&mut kit).await), 0);
    kit.does(&on(GroupAct::Mute, group, sams)).await;
    let told: Option<Mute> = {
        let told = all(&mut kit).await;
        let change = told
            .changes
            .iter()
            .find(|change| change.kind == kind::GROUP_MUTE)
            .unwrap();
        serde_json::from_str(change.body.as_ref().unwrap().0.get()).ok()
    };
    assert_eq!(told.unwrap().group, group);
    kit.does(&leaves(group)).await;
    assert_eq!(muted(&all(&mut kit).await), 0);
    is_sound(&site).await;
}

#[tokio::test]
async fn somebody_who_is_paused_reads_why_and_cannot_write() {
    let site = Site::new().await;
    let group = a_group_here(&site).await;
    let mut sam = site.member().await;
    sam.does(&joins(group)).await;
    let member = sam.id();
    let pause = |why: Option<&'static str>| {
        site.app.writer.run(move |tx| {
            Box::pin(async move {
                let row = people::of_member(tx, group, member).await?.unwrap();
                people::pause(tx, &row, why, 5).await
            })
        })
    };
    pause(Some("Let us talk first")).await.unwrap();
    let told: Membership = record(&all(&mut sam).await, group).unwrap();
    assert_eq!(told.paused.as_deref(), Some("Let us talk first"));
    assert_eq!(sam.does(&writes(group, "But").1).await, "writing_paused");
    // Leaving and joining again does not go round it.
    sam.does(&leaves(group)).await;
    sam.does(&joins(group)).await;
    assert_eq!(sam.does(&writes(group, "But").1).await, "writing_paused");
    pause(None).await.unwrap();
    assert_eq!(sam.does(&writes(group, "Thank you").1).await, "applied");
}

#[tokio::test]
async fn a_new_name_reaches_the_group() {
    let site = Site::new().await;
    let group = a_group_here(&site).await;
    let mut sam = site.named("Sam").await;
    let mut kit = site.member().await;
    sam.does(&joins(group)).await;
    kit.does(&joins(group)).await;
    let sams = person(&mut sam, group).await;
    let (member, name) = (sam.id(), Some("Sasha".to_owned()));
    sam.does(&Command::Rename(Rename { member, name })).await;
    let told: Person = record(&all(&mut kit).await, sams).unwrap();
    assert_eq!(told.name.as_deref(), Some("Sasha"));
}

#[tokio::test]
async fn whoever_leaves_chorus_leaves_nothing_in_a_group() {
    let site = Site::new().await;
    let group = a_group_here(&site).await;
    let mut sam = site.named("Sam").await;
    let mut kit = site.member().await;
    sam.does(&joins(group)).await;
    kit.does(&joins(group)).await;
    leading(&site, group, sam.id(), true).await;
    let (mine, write) = writes(group, "Mine");
    sam.does(&write).await;
    let (theirs, write) = writes(group, "Theirs");
    kit.does(&write).await;
    sam.does(&about(GroupAct::Report, group, theirs, "About Sam"))
        .await;
    let sams = person(&mut sam, group).await;
    assert_eq!(sam.does(&Command::Leave(sam.id())).await, "applied");
    let told = all(&mut kit).await;
    assert_eq!(record::<Message>(&told, mine).unwrap().words, None);
    assert!(record::<Person>(&told, sams).is_none());
    assert!(record::<Message>(&told, theirs).unwrap().words.is_some());
    is_sound(&site).await;
}

#[tokio::test]
async fn who_leads_a_group_leads_its_opportunities_and_no_others() {
    let site = Site::new().await;
    let group = a_group_here(&site).await;
    let mut lead = site.member().await;
    lead.does(&joins(group)).await;
    let id = OpportunityId(Uuid::now_v7());
    let more = More {
        group: Some(group),
        ..More::default()
    };
    let it = Opportunity {
        more: Raw::of(&more),
        ..an_opportunity()
    };
    let alone = OpportunityId(Uuid::now_v7());
    let write = site.app.writer.run(move |tx| {
        Box::pin(async move {
            publish::opportunity(tx, id, &it).await?;
            publish::opportunity(tx, alone, &an_opportunity()).await
        })
    });
    write.await.unwrap();
    leading(&site, group, lead.id(), true).await;
    lead.sealed = true;
    let told = all(&mut lead).await;
    let leads = |told: &SyncResponse, id: OpportunityId| {
        let own = |change: &&app::sync::wire::RecordChange| {
            change.kind == kind::LEAD && change.id == id.to_string() && !change.deleted
        };
        told.changes.iter().any(|change| own(&change))
    };
    assert!(leads(&told, id) && !leads(&told, alone));
    lead.does(&leaves(group)).await;
    assert!(!leads(&all(&mut lead).await, id));
    is_sound(&site).await;
}
