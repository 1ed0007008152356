//! The single writer: what shares a commit, and what one bad piece of work does to its neighbours.

use crate::{
    site::{Phone, Site, wire},
    sync::a_request,
};
use app::domain::opportunity::Gives;
use serde_json::{Value, value::RawValue};
use server::{
    commands::incoming::{self, Push},
    error::Error,
};
use sqlx::Row;

fn push(phone: &Phone<'_>, command: &Value) -> Push {
    let raw = RawValue::from_string(command.to_string()).unwrap();
    Push {
        member: phone.id(),
        device: Some(phone.device),
        commands: vec![incoming::read(&phone.site.app.hash_key, &raw)],
    }
}

async fn count(site: &Site) -> i64 {
    let row = sqlx::query("select count(*) from sign_ups").fetch_one(&site.app.db.pool);
    row.await.unwrap().get(0)
}

#[tokio::test]
async fn a_push_that_the_database_refuses_takes_none_of_its_neighbours_with_it() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let (good, gone, other) = (
        site.member().await,
        site.member().await,
        site.member().await,
    );
    // A member whose row is gone: their sign-up breaks a foreign key, which no rule foresees.
    let id = gone.id().to_string();
    let delete = site.app.writer.run(move |tx| {
        Box::pin(async move {
            for sql in [
                "delete from return_keys where member = $1",
                "delete from members where id = $1",
            ] {
                sqlx::query(sql).bind(id.clone()).execute(&mut *tx).await?;
            }
            Ok(())
        })
    });
    delete.await.unwrap();
    // All three are asked for before the writer runs, so they form one group.
    let pushes = [&good, &gone, &other].map(|phone| {
        let push = push(phone, &wire(&a_request(session).1));
        site.app.writer.push(push)
    });
    let [first, second, third] = pushes;
    let (first, second, third) = tokio::join!(first, second, third);
    assert!(first.is_ok() && third.is_ok());
    assert!(matches!(second, Err(Error::Database(_))));
    assert_eq!(count(&site).await, 2);
}

#[tokio::test]
async fn work_that_fails_undoes_itself_alone() {
    let site = Site::new().await;
    let set = |name: &'static str, fails: bool| {
        site.app.writer.run(move |tx| {
            Box::pin(async move {
                server::db::settings::get_or_set(tx, name, "set".to_owned()).await?;
                if fails { Err(Error::NotFound) } else { Ok(()) }
            })
        })
    };
    let (kept, undone) = tokio::join!(set("kept", false), set("undone", true));
    assert!(kept.is_ok());
    assert!(matches!(undone, Err(Error::NotFound)));
    let rows = sqlx::query("select name from settings where value = 'set'")
        .fetch_all(&site.app.db.pool)
        .await
        .unwrap();
    let names: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(names, ["kept"]);
}

/// The writer is the only one: if it ended, nothing would be kept until someone started the server again.
#[tokio::test]
async fn work_that_panics_is_undone_and_the_writer_goes_on() {
    let site = Site::new().await;
    let session = site.session(Gives::Staff, None).await;
    let phone = site.member().await;
    let push = site
        .app
        .writer
        .push(push(&phone, &wire(&a_request(session).1)));
    let defect = site.app.writer.run(|tx| {
        Box::pin(async move {
            server::db::settings::get_or_set(tx, "half done", "set".to_owned()).await?;
            if true {
                panic!("a defect, on purpose");
            }
            Ok(())
        })
    });
    let (pushed, undone) = tokio::join!(push, defect);
    assert!(pushed.is_ok());
    assert!(matches!(undone, Err(Error::Busy)));
    assert_eq!(count(&site).await, 1);
    let kept = site.app.writer.run(|tx| {
        Box::pin(server::db::settings::get_or_set(
            tx,
            "half done",
            "new".to_owned(),
        ))
    });
    assert_eq!(kept.await.unwrap(), "new");
}
