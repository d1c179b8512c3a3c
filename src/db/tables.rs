//! The tables as the migrations make them: what a copy of a whole installation consists of.

use super::migrate::MIGRATIONS;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Text,
    Blob,
    Bool,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<(String, Kind)>,
    /// Positions of the primary key's columns.
    pub(super) key: Vec<usize>,
}

/// All tables, each after those it refers to.
pub(super) fn all() -> Vec<Table> {
    MIGRATIONS.iter().flat_map(|(_, shared, ..)| read(shared)).collect()
}

/// Our own schema texts have one column a line.
fn read(schema: &str) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut inside = false;
    for line in schema.lines() {
        let line = line.split("--").next().unwrap_or_default().trim();
        if let Some(name) = line.strip_prefix("CREATE TABLE ").and_then(|rest| rest.strip_suffix(" (")) {
            tables.push(Table { name: name.to_owned(), columns: Vec::new(), key: Vec::new() });
            inside = true;
        } else if line == ");" {
            inside = false;
        } else if let Some(table) = tables.last_mut().filter(|_| inside) {
            column(table, line);
        }
    }
    tables
}

fn column(table: &mut Table, line: &str) {
    if let Some(list) = line.strip_prefix("PRIMARY KEY (") {
        let names = list.split(')').next().unwrap_or_default().split(',').map(str::trim);
        let position = |name: &str| table.columns.iter().position(|(column, _)| column == name);
        table.key = names.filter_map(position).collect();
        return;
    }
    let mut words = line.split([' ', ',']).filter(|word| !word.is_empty());
    let (Some(name), Some(kind)) = (words.next(), words.next()) else { return };
    let kind = match kind {
        "BIGINT" => Kind::Int,
        "TEXT" => Kind::Text,
        "BLOB" => Kind::Blob,
        "BOOLEAN" => Kind::Bool,
        _ => return,
    };
    if line.contains(" PRIMARY KEY") {
        table.key = vec![table.columns.len()];
    }
    table.columns.push((name.to_owned(), kind));
}

#[cfg(test)]
mod tests {
    use super::super::{Db, fresh};
    use super::*;

    #[tokio::test]
    async fn every_table_and_column_of_the_database_is_known() {
        let fresh = fresh::Fresh::sqlite();
        let db = Db::open(&fresh.target).await.unwrap();
        let sql = "SELECT m.name, p.name, p.pk FROM sqlite_master m JOIN pragma_table_info(m.name) p
                   WHERE m.type = 'table' AND m.name <> 'migrations' ORDER BY m.rowid, p.cid";
        let found: Vec<(String, String, i64)> = db.read().await.unwrap().all(sql, vec![]).await.unwrap();
        let known: Vec<(String, String, i64)> = all()
            .iter()
            .flat_map(|table| {
                table.columns.iter().enumerate().map(|(position, (column, _))| {
                    let key = table.key.iter().position(|key| *key == position).map_or(0, |at| at as i64 + 1);
                    (table.name.clone(), column.clone(), key)
                })
            })
            .collect();
        assert_eq!(known, found);
        assert!(all().iter().all(|table| !table.key.is_empty()), "rows are read by their keys");
    }
}
