/** Who has a role in a class: those who moderate its chat, by the word that the frames use. */

export const ROLES = { instructor: "Instructor", owner: "Owner", operator: "Operator", moderator: "Moderator" };

/** Whether this role moderates; a member has none of them. */
export const moderates = (role) => role in ROLES;
