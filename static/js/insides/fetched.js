// @ts-check
// What the server has, beside its answers.

/**
 * @param {string} path
 * @returns {Promise<Response>} throws where it does not come
 */
export async function fetched(path) {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}
