/** The few calls of the REST API that the demo makes, with the members it reads. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface DemoEvent {
  event_id: string;
  face: { face_id: string } | null;
  matches: { label: string; candidates: { face?: { face_id: string; user_data: string }; similarity: number }[] }[];
  detections: { samples: { face: { detection: { rect: Box } } | null } }[];
}

/** An account of the demo's own: what it makes does not mix with yours. */
const accountId = '00000000-0000-4000-8000-00000000de30';

export function createRest(baseUrl: string) {
  async function call<T>(
    method: string,
    path: string,
    body?: { type: string; data: string | Uint8Array<ArrayBuffer> },
  ) {
    const answer = await fetch(`${baseUrl}/6${path}`, {
      method,
      headers: { 'Luna-Account-Id': accountId, ...(body && { 'Content-Type': body.type }) },
      ...(body && { body: body.data }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
  const json = (data: unknown) => ({ type: 'application/json', data: JSON.stringify(data) });
  const jpeg = (data: Uint8Array<ArrayBuffer>) => ({ type: 'image/jpeg', data });

  return {
    makeList: async (name: string) =>
      (await call<{ list_id: string }>('POST', '/lists', json({ user_data: name }))).list_id,
    makeHandler: async (description: string, policies: object) =>
      (await call<{ handler_id: string }>('POST', '/handlers', json({ description, policies }))).handler_id,
    /** Faces of a picture, largest first. */
    async detect(picture: Uint8Array<ArrayBuffer>): Promise<Box[]> {
      const { images } = await call<{
        images: { detections: { samples: { face: { detection: { rect: Box } } | null }[] } }[];
      }>('POST', '/detector', jpeg(picture));
      return (images[0]?.detections.samples ?? []).flatMap(({ face }) => (face ? [face.detection.rect] : []));
    },
    /** Runs the handler on one picture: one event for each face. */
    async emit(
      handlerId: string,
      picture: Uint8Array<ArrayBuffer>,
      query: Record<string, string>,
    ): Promise<DemoEvent[]> {
      const path = `/handlers/${handlerId}/events?${new URLSearchParams(query)}`;
      return (await call<{ events: DemoEvent[] }>('POST', path, jpeg(picture))).events;
    },
    remove: (path: string) => call<void>('DELETE', path),
  };
}
