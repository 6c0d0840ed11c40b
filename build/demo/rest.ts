import { type Answer, createClient } from '../../appliance/client/client.ts';

/** The few calls that the demo makes, on the client that is generated from the API's document. */
export type DemoEvent = Answer<'post', '/6/handlers/{handler_id}/events'>['events'][number];
type Sample = Answer<'post', '/6/detector'>['images'][number]['detections']['samples'][number];
export type Box = NonNullable<Sample['face']>['detection']['rect'];

/** An account of the demo's own: what it makes does not mix with yours. */
const account = '00000000-0000-4000-8000-00000000de30';

export function createRest(baseUrl: string) {
  const client = createClient({ baseUrl, account });
  const jpeg = (data: Uint8Array<ArrayBuffer>) => ({ type: 'image/jpeg', data });
  return {
    ...client,
    /** Faces of a picture, largest first. */
    async detect(picture: Uint8Array<ArrayBuffer>): Promise<Box[]> {
      const { images } = await client.call('post', '/6/detector', { body: jpeg(picture) });
      return (images[0]?.detections.samples ?? []).flatMap(({ face }) => (face ? [face.detection.rect] : []));
    },
    /** Runs the handler on one picture: one event for each face. */
    async emit(handler_id: string, picture: Uint8Array<ArrayBuffer>, query: { source?: string; user_data?: string }) {
      const call = { path: { handler_id }, query, body: jpeg(picture) };
      return (await client.call('post', '/6/handlers/{handler_id}/events', call)).events;
    },
  };
}
