//! Lines of cost: what was paid, and not what there is.
//!
//! In: the names of a table's columns, or the keys of JSON. Out: whose bill it is. A line of cost is a day's or an hour's use of
//! something, so that counting lines would count nothing that is deployed.

/// What a bill is, and the columns that tell it: of each group at least one, as names are compared.
const BILLS: &[(&str, &[&[&str]])] = &[
    (
        "is a bill in FOCUS format",
        &[
            &["billedcost", "effectivecost", "contractedcost", "listcost"],
            &["chargecategory", "chargeperiodstart", "billingperiodstart", "chargedescription"],
        ],
    ),
    (
        "is a Cost and Usage Report",
        &[&[
            "lineitemunblendedcost",
            "lineitemblendedcost",
            "lineitemusagestartdate",
            "lineitemlineitemtype",
            "lineitemusageamount",
        ]],
    ),
    (
        "is a detailed bill",
        &[
            &["unblendedcost", "blendedcost", "totalcost", "costbeforetax"],
            &[
                "recordtype",
                "payeraccountid",
                "invoiceid",
                "usagetype",
                "productcode",
                "usagequantity",
                "rateid",
            ],
        ],
    ),
];

/// What to name instead.
pub(super) const HELP: &str = "its lines are costs and no resources; export what is deployed instead: Terraform state, an AWS Config snapshot, \
                               or what Resource Explorer or Tag Editor finds";

/// What a table with these columns is, if its lines are costs. `plain` are their names as they are compared.
pub(super) fn of_columns<'n>(names: impl Iterator<Item = &'n str>, plain: impl Fn(&str) -> String) -> Option<&'static str> {
    let names: Vec<&str> = names.collect();
    let columns: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let has = |wanted: &&[&str]| columns.iter().any(|column| wanted.contains(&column.as_str()));
    if let Some((what, _)) = BILLS.iter().find(|(_, groups)| groups.iter().all(has)) {
        return Some(what);
    }
    // Cost Explorer has a column for each service, with the currency behind its name: `EC2-Other($)`.
    let is_money = |name: &&&str| {
        let name = name.trim().trim_matches('"');
        let unit = name.strip_suffix(')').and_then(|name| name.rsplit_once('(')).map(|(_, unit)| unit);
        unit.is_some_and(|unit| {
            matches!(unit, "$" | "€" | "£" | "¥") || (unit.len() == 3 && unit.bytes().all(|byte| byte.is_ascii_uppercase()))
        })
    };
    let has_total = columns.iter().any(|column| column.starts_with("totalcost"));
    let money = names.iter().filter(is_money).count();
    (money > 1 || (money > 0 && has_total)).then_some("is a table of Cost Explorer")
}

/// Keys of what Cost Explorer answers.
pub(super) const ANSWER: &str = "ResultsByTime";
