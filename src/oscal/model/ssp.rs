//! The system security plan: who does what for each control, component by component.

use super::{BackMatter, InventoryItem, Metadata, Property, ResponsibleRole, Status, SystemComponent, User};
use serde::Serialize;

/// A file that holds a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Document {
    pub system_security_plan: Plan,
}

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Plan {
    pub uuid: String,
    pub metadata: Metadata,
    pub import_profile: ImportProfile,
    pub system_characteristics: Characteristics,
    pub system_implementation: Implementation,
    pub control_implementation: ControlImplementation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub back_matter: Option<BackMatter>,
}

/// Which controls are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct ImportProfile {
    pub href: String,
}

/// What the system is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Characteristics {
    pub system_ids: Vec<SystemId>,
    pub system_name: String,
    pub description: String,
    pub system_information: Information,
    pub status: Status,
    pub authorization_boundary: Boundary,
}

/// What the system is called by machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct SystemId {
    pub identifier_type: &'static str,
    pub id: String,
}

/// What data it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Information {
    pub information_types: Vec<InformationType>,
}

/// A class of data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct InformationType {
    pub uuid: String,
    pub title: String,
    pub description: String,
}

/// What belongs to the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Boundary {
    pub description: String,
}

/// What it is made of, and who works with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Implementation {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub leveraged_authorizations: Vec<Leveraged>,
    pub users: Vec<User>,
    pub components: Vec<SystemComponent>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inventory_items: Vec<InventoryItem>,
}

/// An authorisation that the system builds on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Leveraged {
    pub uuid: String,
    pub title: String,
    pub props: Vec<Property>,
    pub party_uuid: String,
    pub date_authorized: String,
}

/// All controls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct ControlImplementation {
    pub description: String,
    pub implemented_requirements: Vec<Requirement>,
}

/// One control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Requirement {
    pub uuid: String,
    pub control_id: String,
    pub props: Vec<Property>,
    pub by_components: Vec<ByComponent>,
}

/// What one component has to do with a control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct ByComponent {
    pub component_uuid: String,
    pub uuid: String,
    pub description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub props: Vec<Property>,
    pub implementation_status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub export: Option<Export>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inherited: Vec<Inherited>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub satisfied: Vec<Satisfied>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responsible_roles: Vec<ResponsibleRole>,
}

/// What a component offers, and what it asks of its customers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Export {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub provided: Vec<Provided>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub responsibilities: Vec<Responsibility>,
}

/// What it offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Provided {
    pub uuid: String,
    pub description: String,
    pub props: Vec<Property>,
}

/// What it asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Responsibility {
    pub uuid: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provided_uuid: Option<String>,
    pub description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub props: Vec<Property>,
    pub responsible_roles: Vec<ResponsibleRole>,
}

/// What is taken over from another component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Inherited {
    pub uuid: String,
    pub provided_uuid: String,
    pub description: String,
}

/// How a responsibility is lived up to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the names are OSCAL's")]
pub struct Satisfied {
    pub uuid: String,
    pub responsibility_uuid: String,
    pub description: String,
    pub props: Vec<Property>,
    pub responsible_roles: Vec<ResponsibleRole>,
}
