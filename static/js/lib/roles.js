/** The roles of those who moderate a class's chat, as the frames call them and as people read them. */

/** @type {Record<string, string>} */
export const ROLES = { instructor: "Instructor", owner: "Owner", operator: "Operator", moderator: "Moderator" };

/**
 * Whether this role moderates; a member's does not.
 * @param {Room.Role} role
 */
export const moderates = (role) => role in ROLES;
