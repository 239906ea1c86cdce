/** The same data without where in which file it stands: what two files say is compared. */
export function withoutPlaces<T>(data: T): T {
  return JSON.parse(
    JSON.stringify(data, (key, value) => (key === 'places' || key === 'currentsPlace' ? undefined : value)),
  );
}
