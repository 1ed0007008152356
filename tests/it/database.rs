//! A database for each test: a SQLite file, or one of its own on the PostgreSQL server that `CHORUS_TEST_DATABASE`
//! names (`cargo xtask test` starts such a server). There it is a copy of one that was migrated once.

use server::{
    config::Store,
    db::{self, Engine},
};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Row};
use std::{
    env, process,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::sync::OnceCell;

/// A database that goes when this is dropped, or soon after.
pub struct Database {
    /// Where it is.
    pub store: Store,
    /// Its name on PostgreSQL.
    name: Option<String>,
    _folder: tempfile::TempDir,
}

impl Database {
    /// An empty one, with its tables.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for the database");
        let on_postgres = match server() {
            Some(server) => Some(copy_of_the_template(&server).await),
            None => None,
        };
        let (name, database_url) = on_postgres.unzip();
        Self {
            store: Store {
                data_dir: folder.path().to_owned(),
                database_url,
            },
            name,
            _folder: folder,
        }
    }
}

/// The engine of a database.
pub fn engine(store: &Store) -> Engine {
    Engine::of(&store.database())
}

/// How a command of `chorus` is told where the database is.
pub fn flags(store: &Store) -> [String; 2] {
    match engine(store) {
        Engine::Sqlite => [
            "--data-dir".to_owned(),
            store.data_dir.to_str().expect("a plain path").to_owned(),
        ],
        Engine::Postgres => ["--database-url".to_owned(), store.database()],
    }
}

/// A connection of its own.
pub async fn open(store: &Store) -> AnyConnection {
    let url = store.database().replace("?mode=rwc", "?mode=rw");
    AnyConnection::connect(&url).await.expect("a connection")
}

/// Writes past every trigger and every foreign key, as somebody does it who has the database in their hands.
pub async fn tamper(store: &Store, sql: &str) {
    let mut db = open(store).await;
    let mut all = match engine(store) {
        Engine::Sqlite => {
            let drops = "select 'drop trigger ' || name from sqlite_master where type = 'trigger'";
            let drops = sqlx::query(drops)
                .fetch_all(&mut db)
                .await
                .expect("triggers");
            let drops = drops.iter().map(|row| row.get(0));
            std::iter::once("pragma foreign_keys = off".to_owned())
                .chain(drops)
                .collect()
        }
        Engine::Postgres => vec!["set session_replication_role = replica".to_owned()],
    };
    all.push(sql.to_owned());
    let done = sqlx::raw_sql(AssertSqlSafe(all.join("; ")))
        .execute(&mut db)
        .await;
    done.unwrap_or_else(|problem| panic!("{sql}: {problem}"));
    db.close().await.expect("an end");
}

/// Every table of PostgreSQL in which `text` stands.
pub async fn tables_with(store: &Store, text: &str) -> Vec<String> {
    let mut db = open(store).await;
    let all = "select tablename::text from pg_tables where schemaname = 'public' order by 1";
    let all = sqlx::query(all).fetch_all(&mut db).await.expect("tables");
    let mut found = Vec::new();
    for table in all.iter().map(|row| row.get::<String, _>(0)) {
        let look = format!("select 1 from {table} t where position($1 in t::text) > 0 limit 1");
        let look = sqlx::query(AssertSqlSafe(look)).bind(text);
        if look.fetch_optional(&mut db).await.expect("rows").is_some() {
            found.push(table);
        }
    }
    db.close().await.expect("an end");
    found
}

/// Databases of tests that have ended. They go when the next one is made, which is where there is a connection.
static ENDED: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl Drop for Database {
    fn drop(&mut self) {
        if let (Some(name), Ok(mut ended)) = (self.name.take(), ENDED.lock()) {
            ended.push(name);
        }
    }
}

/// `postgres://user@host:port`, without a database.
fn server() -> Option<String> {
    let url = env::var("CHORUS_TEST_DATABASE").ok()?;
    Some(url.trim_end_matches('/').to_owned())
}

/// Its name and address.
async fn copy_of_the_template(server: &str) -> (String, String) {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let template = TEMPLATE.get_or_init(|| migrated(server)).await;
    let name = format!(
        "chorus_test_{}_{}",
        process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    let ended = ENDED.lock().expect("nobody panics here").split_off(0);
    let drop_ended = ended
        .into_iter()
        .map(|name| format!("drop database {name} with (force)"));
    // Whole files are copied in half the time that the usual way takes, which logs each page.
    let create = format!("create database {name} template {template} strategy file_copy");
    say(server, drop_ended.chain([create])).await;
    let url = format!("{server}/{name}");
    (name, url)
}

/// The name of a database that has the tables and nothing in them.
async fn migrated(server: &str) -> String {
    let name = format!("chorus_test_{}", process::id());
    let anew = [
        format!("drop database if exists {name}"),
        format!("create database {name}"),
    ];
    say(server, anew).await;
    let store = Store {
        data_dir: "unused".into(),
        database_url: Some(format!("{server}/{name}")),
    };
    let (db, writer) = db::open(&store).await.expect("every migration");
    // Nobody may be connected to what is copied.
    writer.close().await;
    db.pool.close().await;
    name
}

async fn say(server: &str, texts: impl IntoIterator<Item = String>) {
    sqlx::any::install_default_drivers();
    let url = format!("{server}/postgres");
    let mut connection = AnyConnection::connect(&url)
        .await
        .expect("the PostgreSQL server of CHORUS_TEST_DATABASE");
    for text in texts {
        let done = sqlx::raw_sql(AssertSqlSafe(text))
            .execute(&mut connection)
            .await;
        done.expect("a database for a test");
    }
    connection.close().await.expect("an end");
}
