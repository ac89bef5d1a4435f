//! Of a value in JSON what is looked at, said in SQL.
//!
//! In: what tells the value. Out: an expression that tells the same value without the keys that no path of the column `paths`
//! leads to. A key that is absent stays absent, null stays null, and a block of which nothing is looked at says that it was one
//! with something in it. SQL knows no recursion in an expression: below some levels all is kept.

use super::Dialect;
use crate::catalog::predicate::NOT_TOLD;

/// Through how many blocks that lie in one another paths are followed. What lies deeper is kept whole.
const LEVELS: usize = 3;

/// What a value is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// An item: what is null says that it is unset.
    Items,
    /// A row: what is null says nothing, and a text may be JSON.
    Rows,
}

/// The expression for a value, as text; of what is no block an empty one.
pub(super) fn pruned(dialect: Dialect, json: &str, of: Of) -> String {
    match dialect {
        Dialect::DuckDb => format!("'{{' || {} || '}}'", duckdb(json, "", 1, of)),
        Dialect::Postgres => format!(
            "CASE jsonb_typeof({json}) WHEN 'object' THEN {} ELSE '{{}}' END",
            postgres(json, "", 1)
        ),
        Dialect::Spark => format!("concat('{{', array_join({}, ','), '}}')", spark(json, "", 1, of)),
        Dialect::Athena => format!("'{{' || array_join({}, ',') || '}}'", trino(json, "", 1, of)),
        // Their forms say it in a language that knows recursion.
        Dialect::Snowflake | Dialect::BigQuery => json.to_owned(),
    }
}

fn indent(level: usize) -> String {
    "  ".repeat(level + 2)
}

/// The fields of a block in DuckDB, as text. `before`: what tells the path to it.
fn duckdb(json: &str, before: &str, level: usize, of: Of) -> String {
    let (key, item, line) = (format!("k{level}"), format!("e{level}"), indent(level));
    let path = format!("{before}replace(lower({key}), '_', '')");
    let at = |json: &str, key: &str| format!("json_extract({json}, '/' || replace(replace({key}, '~', '~0'), '/', '~1'))");
    let value = at(json, &key);
    let name = format!("CAST(to_json({key}) AS VARCHAR) || ':'");
    let is_row = of == Of::Rows && level == 1;
    let null = if is_row {
        format!("\n{line}  WHEN json_type({value}) = 'NULL' THEN NULL")
    } else {
        String::new()
    };
    let whole = value.clone();
    let value = if is_row {
        let text = format!("json_extract_string({value}, '$')");
        format!(
            "CASE WHEN json_type({value}) = 'VARCHAR' AND ({text} LIKE '{{%' OR {text} LIKE '[%') THEN coalesce(TRY_CAST({text} AS JSON), {value}) ELSE {value} END"
        )
    } else {
        value
    };
    let is_empty = match of {
        Of::Items => format!("len(json_keys({item})) = 0"),
        Of::Rows => format!(
            "len(list_filter(json_keys({item}), lambda n: json_type({}) <> 'NULL')) = 0",
            at(&item, "n")
        ),
    };
    let below = if level == LEVELS {
        format!("CAST({value} AS VARCHAR)")
    } else {
        let inner = duckdb(&item, &format!("{path} || '.' || "), level + 1, of);
        format!(
            "CASE json_type({value}) WHEN 'ARRAY' THEN '[' ELSE '' END || array_to_string(list_transform(\n\
             {line}    CASE json_type({value}) WHEN 'ARRAY' THEN json_extract({value}, '$[*]') ELSE [{value}] END, lambda {item}:\n\
             {line}    CASE WHEN json_type({item}) <> 'OBJECT' OR {is_empty} THEN CAST({item} AS VARCHAR)\n\
             {line}    ELSE concat_ws(',', '{{\"{NOT_TOLD}\":true', nullif({inner}, '')) || '}}' END\n\
             {line}  ), ',') || CASE json_type({value}) WHEN 'ARRAY' THEN ']' ELSE '' END"
        )
    };
    format!(
        "coalesce(list_aggregate(list_transform(json_keys({json}), lambda {key}: CASE{null}\n\
         {line}  WHEN contains(paths, ' ' || {path} || ' ') THEN {name} || CAST({whole} AS VARCHAR)\n\
         {line}  WHEN contains(paths, ' ' || {path} || '. ') THEN {name} || {below}\n\
         {line}END), 'string_agg', ','), '')"
    )
}

/// A block in PostgreSQL, as jsonb.
fn postgres(json: &str, before: &str, level: usize) -> String {
    let (key, value, item, line) = (format!("k{level}"), format!("v{level}"), format!("e{level}"), indent(level));
    let path = format!("{before}replace(lower({key}), '_', '')");
    let below = if level == LEVELS {
        value.clone()
    } else {
        let inner = postgres(&item, &format!("{path} || '.' || "), level + 1);
        format!(
            "(SELECT CASE jsonb_typeof({value}) WHEN 'array' THEN a{level} ELSE a{level} -> 0 END FROM (\n\
             {line}    SELECT coalesce(jsonb_agg(CASE WHEN jsonb_typeof({item}) = 'object' AND {item} <> '{{}}' THEN '{{\"{NOT_TOLD}\": true}}' ||\n\
             {line}      {inner}\n\
             {line}    ELSE {item} END ORDER BY i{level}), '[]') AS a{level}\n\
             {line}    FROM jsonb_array_elements(CASE jsonb_typeof({value}) WHEN 'array' THEN {value} ELSE jsonb_build_array({value}) END)\n\
             {line}      WITH ORDINALITY AS t{level} ({item}, i{level})) AS s{level})"
        )
    };
    format!(
        "(SELECT coalesce(jsonb_object_agg({key}, CASE WHEN strpos(paths, ' ' || {path} || ' ') > 0 THEN {value} ELSE {below} END), '{{}}')\n\
         {line}FROM jsonb_each({json}) AS f{level} ({key}, {value})\n\
         {line}WHERE strpos(paths, ' ' || {path} || ' ') > 0 OR strpos(paths, ' ' || {path} || '. ') > 0)"
    )
}

/// The fields of a block in Spark, as a list of texts.
fn spark(json: &str, before: &str, level: usize, of: Of) -> String {
    let (key, item, line) = (format!("k{level}"), format!("e{level}"), indent(level));
    let path = format!("{before}replace(lower({key}), '_', '')");
    // Behind a star texts keep their quotes, which tells 'true' from true; null and nothing are both NULL, and the key is there.
    let value = format!("coalesce(get_json_object(concat('[', {json}, ']'), concat('$[*][\\'', {key}, '\\']')), 'null')");
    let whole = value.clone();
    let value = if of == Of::Rows && level == 1 {
        // Without a star a text is what it says. Where that is no JSON it has neither keys nor items.
        let text = format!("get_json_object({json}, concat('$[\\'', {key}, '\\']'))");
        format!("CASE WHEN json_object_keys({text}) IS NOT NULL OR json_array_length({text}) IS NOT NULL THEN {text} ELSE {value} END")
    } else {
        value
    };
    let is_empty = match of {
        Of::Items => format!("{item} = '{{}}'"),
        Of::Rows => {
            let inner = format!("get_json_object({item}, concat('$[\\'', n, '\\']'))");
            format!("size(filter(json_object_keys({item}), n -> {inner} IS NOT NULL)) = 0")
        }
    };
    let below = if level == LEVELS {
        value.clone()
    } else {
        let inner = spark(&item, &format!("{path}, '.', "), level + 1, of);
        format!(
            "CASE WHEN {value} LIKE '[%' THEN '[' ELSE '' END, array_join(transform(\n\
             {line}    CASE WHEN {value} NOT LIKE '[%' THEN array({value}) WHEN json_array_length({value}) = 0 THEN filter(array(''), x -> false)\n\
             {line}    ELSE transform(sequence(0, json_array_length({value}) - 1), i{level} -> coalesce(get_json_object(concat('[', {value}, ']'), concat('$[*][', i{level}, ']')), 'null')) END,\n\
             {line}    {item} -> CASE WHEN {item} NOT LIKE '{{%' OR {is_empty} THEN {item}\n\
             {line}    ELSE concat('{{', array_join(concat(array('\"{NOT_TOLD}\":true'), {inner}), ','), '}}') END\n\
             {line}  ), ','), CASE WHEN {value} LIKE '[%' THEN ']' ELSE '' END"
        )
    };
    format!(
        "transform(json_object_keys({json}), {key} -> CASE\n\
         {line}  WHEN instr(paths, concat(' ', {path}, ' ')) > 0 THEN concat('\"', {key}, '\":', {whole})\n\
         {line}  WHEN instr(paths, concat(' ', {path}, '. ')) > 0 THEN concat('\"', {key}, '\":', {below})\n\
         {line}END)"
    )
}

/// The fields of a block in Trino, as a list of texts.
fn trino(json: &str, before: &str, level: usize, of: Of) -> String {
    let (key, item, line) = (format!("k{level}"), format!("e{level}"), indent(level));
    let path = format!("{before}replace(lower({key}), '_', '')");
    let block = format!("TRY_CAST({json} AS map(varchar, json))");
    let value = format!("element_at({block}, {key})");
    let begins = |value: &str, with: &str| format!("substr(json_format({value}), 1, 1) = '{with}'");
    let name = format!("json_format(CAST({key} AS json)) || ':'");
    let is_row = of == Of::Rows && level == 1;
    let null = if is_row {
        format!("\n{line}  WHEN coalesce(json_format({value}), 'null') = 'null' THEN NULL")
    } else {
        String::new()
    };
    let whole = value.clone();
    let value = if is_row {
        format!("coalesce(TRY(json_parse(nullif(TRY_CAST({value} AS varchar), ''))), {value})")
    } else {
        value
    };
    let is_told = match of {
        Of::Items => format!("json_format({item}) <> '{{}}'"),
        Of::Rows => {
            let told = "v IS NOT NULL AND json_format(v) <> 'null'";
            format!("cardinality(map_filter(TRY_CAST({item} AS map(varchar, json)), (n, v) -> {told})) > 0")
        }
    };
    let below = if level == LEVELS {
        format!("coalesce(json_format({value}), 'null')")
    } else {
        let inner = trino(&item, &format!("{path} || '.' || "), level + 1, of);
        let (is_list, is_block) = (begins(&value, "["), begins(&item, "{"));
        format!(
            "CASE WHEN {is_list} THEN '[' ELSE '' END || array_join(transform(\n\
             {line}    CASE WHEN {is_list} THEN TRY_CAST({value} AS array(json)) ELSE ARRAY[{value}] END, {item} ->\n\
             {line}    CASE WHEN {is_block} AND {is_told} THEN '{{' || array_join(ARRAY['\"{NOT_TOLD}\":true'] ||\n\
             {line}      {inner}, ',') || '}}'\n\
             {line}    ELSE coalesce(json_format({item}), 'null') END\n\
             {line}  ), ',') || CASE WHEN {is_list} THEN ']' ELSE '' END"
        )
    };
    format!(
        "transform(coalesce(map_keys({block}), ARRAY[]), {key} -> CASE{null}\n\
         {line}  WHEN strpos(paths, ' ' || {path} || ' ') > 0 THEN {name} || coalesce(json_format({whole}), 'null')\n\
         {line}  WHEN strpos(paths, ' ' || {path} || '. ') > 0 THEN {name} || {below}\n\
         {line}END)"
    )
}
