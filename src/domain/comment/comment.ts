/** One comment in the conversation of a pull request. */
export interface Comment {
  /** rises with time */
  readonly id: number
  /** login; null for a deleted account */
  readonly author: string | null
  readonly body: string
  /** its address for people */
  readonly url: string
}
