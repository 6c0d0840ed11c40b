/** The REST API as types, generated from the OpenAPI document by `npm run client`. Do not edit. */
export type paths = {
    "/healthcheck": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the appliance can do its work */
        get: operations["get_healthcheck"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: Whether the appliance can do its work */
        head: operations["head_healthcheck"];
        patch?: never;
        trace?: never;
    };
    "/configs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The settings in effect, passwords masked
         * @description As the header `Accept` asks for it: JSON, which is the default, or `text/plain`, a configuration file.
         */
        get: operations["get_configs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * The headers of GET: The settings in effect, passwords masked
         * @description As the header `Accept` asks for it: JSON, which is the default, or `text/plain`, a configuration file.
         */
        head: operations["head_configs"];
        patch?: never;
        trace?: never;
    };
    "/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The settings in effect, passwords masked
         * @description As the header `Accept` asks for it: JSON, which is the default, or `text/plain`, a configuration file.
         */
        get: operations["get_config"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * The headers of GET: The settings in effect, passwords masked
         * @description As the header `Accept` asks for it: JSON, which is the default, or `text/plain`, a configuration file.
         */
        head: operations["head_config"];
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions of the platform and its services */
        get: operations["get_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: Versions of the platform and its services */
        head: operations["head_version"];
        patch?: never;
        trace?: never;
    };
    "/luna_sys_info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Machine, inference device (detected, chosen, why, measured ms), licence features */
        get: operations["get_luna_sys_info"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: Machine, inference device (detected, chosen, why, measured ms), licence features */
        head: operations["head_luna_sys_info"];
        patch?: never;
        trace?: never;
    };
    "/6/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All accounts, oldest first; for advanced_user and admin */
        get: operations["get_accounts"];
        put?: never;
        /**
         * Create an account
         * @description Without an administrator only from the appliance itself, unless the setting for open sign-up is on. The first account can be made from the appliance only; with the setting that takes bare account ids from nobody, the later ones need an administrator there, too. The header Luna-Account-Id chooses the id: data made earlier under that id become those of the account.
         */
        post: operations["post_accounts"];
        delete?: never;
        options?: never;
        /** The headers of GET: All accounts, oldest first; for advanced_user and admin */
        head: operations["head_accounts"];
        patch?: never;
        trace?: never;
    };
    "/6/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The own account */
        get: operations["get_account"];
        put?: never;
        post?: never;
        /** Remove the own account and its tokens; its data stay. Needs Basic authorization */
        delete: operations["delete_account"];
        options?: never;
        /** The headers of GET: The own account */
        head: operations["head_account"];
        /** Change the own login, password or description; needs Basic authorization */
        patch: operations["patch_account"];
        trace?: never;
    };
    "/6/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check login and password (Basic authorization); answers a token with all rights for 12 hours */
        post: operations["post_login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Own tokens, oldest first */
        get: operations["get_tokens"];
        put?: never;
        /**
         * Create a token; it is shown in this answer only
         * @description From other hosts this needs Basic authorization: a bare account id proves nothing.
         */
        post: operations["post_tokens"];
        delete?: never;
        options?: never;
        /** The headers of GET: Own tokens, oldest first */
        head: operations["head_tokens"];
        patch?: never;
        trace?: never;
    };
    "/6/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a token grants */
        get: operations["get_tokens_by_token_id"];
        /**
         * Change what a token grants, from the next request on
         * @description From other hosts this needs Basic authorization: a bare account id proves nothing.
         */
        put: operations["put_tokens_by_token_id"];
        post?: never;
        /**
         * Revoke a token, from the next request on
         * @description From other hosts this needs Basic authorization: a bare account id proves nothing.
         */
        delete: operations["delete_tokens_by_token_id"];
        options?: never;
        /** The headers of GET: What a token grants */
        head: operations["head_tokens_by_token_id"];
        patch?: never;
        trace?: never;
    };
    "/6/faces/{face_id}/attributes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Attributes of a face */
        get: operations["get_faces_by_face_id_attributes"];
        /** Create or replace the attributes of a face */
        put: operations["put_faces_by_face_id_attributes"];
        post?: never;
        /** Remove the attributes of a face */
        delete: operations["delete_faces_by_face_id_attributes"];
        options?: never;
        /** The headers of GET: Attributes of a face */
        head: operations["head_faces_by_face_id_attributes"];
        patch?: never;
        trace?: never;
    };
    "/6/faces/{face_id}/attributes/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Samples of a face's attributes */
        get: operations["get_faces_by_face_id_attributes_samples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: Samples of a face's attributes */
        head: operations["head_faces_by_face_id_attributes_samples"];
        patch?: never;
        trace?: never;
    };
    "/6/faces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Faces that meet all filters */
        get: operations["get_faces"];
        put?: never;
        /** Create a face */
        post: operations["post_faces"];
        /** Remove up to 1000 faces; unknown ids are ignored */
        delete: operations["delete_faces"];
        options?: never;
        /** The headers of GET: Faces that meet all filters */
        head: operations["head_faces"];
        patch?: never;
        trace?: never;
    };
    "/6/faces/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many faces meet all filters */
        get: operations["get_faces_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: How many faces meet all filters */
        head: operations["head_faces_count"];
        patch?: never;
        trace?: never;
    };
    "/6/faces/attributes/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many faces with attributes meet all filters */
        get: operations["get_faces_attributes_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: How many faces with attributes meet all filters */
        head: operations["head_faces_attributes_count"];
        patch?: never;
        trace?: never;
    };
    "/6/faces/{face_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A face */
        get: operations["get_faces_by_face_id"];
        /** Create or replace a face with its attribute and lists */
        put: operations["put_faces_by_face_id"];
        post?: never;
        /** Remove a face with its attributes */
        delete: operations["delete_faces_by_face_id"];
        options?: never;
        /** The headers of GET: A face */
        head: operations["head_faces_by_face_id"];
        /** Change members of a face */
        patch: operations["patch_faces_by_face_id"];
        trace?: never;
    };
    "/6/lists": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists, newest first */
        get: operations["get_lists"];
        put?: never;
        /** Create a list */
        post: operations["post_lists"];
        /** Remove lists; unknown ids are ignored */
        delete: operations["delete_lists"];
        options?: never;
        /** The headers of GET: Lists, newest first */
        head: operations["head_lists"];
        patch?: never;
        trace?: never;
    };
    "/6/lists/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many lists there are */
        get: operations["get_lists_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: How many lists there are */
        head: operations["head_lists_count"];
        patch?: never;
        trace?: never;
    };
    "/6/lists/{list_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A list */
        get: operations["get_lists_by_list_id"];
        put?: never;
        post?: never;
        /** Remove a list */
        delete: operations["delete_lists_by_list_id"];
        options?: never;
        /** The headers of GET: A list */
        head: operations["head_lists_by_list_id"];
        /** Change a list's user data */
        patch: operations["patch_lists_by_list_id"];
        trace?: never;
    };
    "/6/lists/{list_id}/faces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Attach or detach up to 1000 faces, all or none */
        patch: operations["patch_lists_by_list_id_faces"];
        trace?: never;
    };
    "/6/linker": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** The same with the list in the body */
        patch: operations["patch_linker"];
        trace?: never;
    };
    "/6/attributes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Temporary attributes by their ids */
        get: operations["get_attributes"];
        put?: never;
        /** Create a temporary attribute */
        post: operations["post_attributes"];
        delete?: never;
        options?: never;
        /** The headers of GET: Temporary attributes by their ids */
        head: operations["head_attributes"];
        patch?: never;
        trace?: never;
    };
    "/6/attributes/{attribute_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A temporary attribute */
        get: operations["get_attributes_by_attribute_id"];
        /** Create or replace a temporary attribute */
        put: operations["put_attributes_by_attribute_id"];
        post?: never;
        /** Remove a temporary attribute */
        delete: operations["delete_attributes_by_attribute_id"];
        options?: never;
        /** The headers of GET: A temporary attribute */
        head: operations["head_attributes_by_attribute_id"];
        patch?: never;
        trace?: never;
    };
    "/6/attributes/{attribute_id}/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Samples of a temporary attribute */
        get: operations["get_attributes_by_attribute_id_samples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: Samples of a temporary attribute */
        head: operations["head_attributes_by_attribute_id_samples"];
        patch?: never;
        trace?: never;
    };
    "/6/samples/faces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Store a face sample: a picture of exactly 250x250 pixels */
        post: operations["post_samples_faces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/samples/bodies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Store a body sample: a picture of exactly 128x256 pixels */
        post: operations["post_samples_bodies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Store a source picture, or several in multipart, byte for byte */
        post: operations["post_images"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/objects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Store an object of any content type, byte for byte */
        post: operations["post_objects"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/samples/faces/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a face sample */
        get: operations["get_samples_faces_by_id"];
        put?: never;
        post?: never;
        /** Remove a face sample */
        delete: operations["delete_samples_faces_by_id"];
        options?: never;
        /** The headers of GET: Get a face sample */
        head: operations["head_samples_faces_by_id"];
        patch?: never;
        trace?: never;
    };
    "/6/samples/bodies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a body sample */
        get: operations["get_samples_bodies_by_id"];
        put?: never;
        post?: never;
        /** Remove a body sample */
        delete: operations["delete_samples_bodies_by_id"];
        options?: never;
        /** The headers of GET: Get a body sample */
        head: operations["head_samples_bodies_by_id"];
        patch?: never;
        trace?: never;
    };
    "/6/images/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a source picture */
        get: operations["get_images_by_id"];
        put?: never;
        post?: never;
        /** Remove a source picture */
        delete: operations["delete_images_by_id"];
        options?: never;
        /** The headers of GET: Get a source picture */
        head: operations["head_images_by_id"];
        patch?: never;
        trace?: never;
    };
    "/6/objects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an object */
        get: operations["get_objects_by_id"];
        put?: never;
        post?: never;
        /** Remove an object */
        delete: operations["delete_objects_by_id"];
        options?: never;
        /** The headers of GET: Get an object */
        head: operations["head_objects_by_id"];
        patch?: never;
        trace?: never;
    };
    "/6/events/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Count, maximum, minimum and average of events, in groups */
        post: operations["post_events_stats"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events that meet all filters */
        get: operations["get_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: Events that meet all filters */
        head: operations["head_events"];
        patch?: never;
        trace?: never;
    };
    "/6/events/{event_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An event */
        get: operations["get_events_by_event_id"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: An event */
        head: operations["head_events_by_event_id"];
        patch?: never;
        trace?: never;
    };
    "/6/handlers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Handlers, newest first */
        get: operations["get_handlers"];
        put?: never;
        /** Create a handler */
        post: operations["post_handlers"];
        delete?: never;
        options?: never;
        /** The headers of GET: Handlers, newest first */
        head: operations["head_handlers"];
        patch?: never;
        trace?: never;
    };
    "/6/handlers/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many handlers there are */
        get: operations["get_handlers_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: How many handlers there are */
        head: operations["head_handlers_count"];
        patch?: never;
        trace?: never;
    };
    "/6/handlers/validator": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Check policies without storing them */
        post: operations["post_handlers_validator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/handlers/{handler_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A handler */
        get: operations["get_handlers_by_handler_id"];
        /** Replace a handler */
        put: operations["put_handlers_by_handler_id"];
        post?: never;
        /** Remove a handler; its events stay */
        delete: operations["delete_handlers_by_handler_id"];
        options?: never;
        /** The headers of GET: A handler */
        head: operations["head_handlers_by_handler_id"];
        patch?: never;
        trace?: never;
    };
    "/6/handlers/{handler_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Generate events from pictures
         * @description Answers once everything that the policies store, and the messages about it, are on the disk, with `wait_saving` 0 too: what was answered with 201 is never lost. A descriptor in place of a picture (an SDK container) makes one event without a detection.
         */
        post: operations["post_handlers_by_handler_id_events"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/handlers/{handler_id}/events/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Save ready events; no policy is run
         * @description Answers once the events and the messages about them are on the disk, with `wait_saving=0` too: what was answered with 201 is never lost, and what could not be saved is answered with an error.
         */
        post: operations["post_handlers_by_handler_id_events_raw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/verifiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Verifiers, newest first */
        get: operations["get_verifiers"];
        put?: never;
        /** Create a verifier */
        post: operations["post_verifiers"];
        delete?: never;
        options?: never;
        /** The headers of GET: Verifiers, newest first */
        head: operations["head_verifiers"];
        patch?: never;
        trace?: never;
    };
    "/6/verifiers/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many verifiers there are */
        get: operations["get_verifiers_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: How many verifiers there are */
        head: operations["head_verifiers_count"];
        patch?: never;
        trace?: never;
    };
    "/6/verifiers/{verifier_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A verifier */
        get: operations["get_verifiers_by_verifier_id"];
        /** Replace a verifier */
        put: operations["put_verifiers_by_verifier_id"];
        post?: never;
        /** Remove a verifier */
        delete: operations["delete_verifiers_by_verifier_id"];
        options?: never;
        /** The headers of GET: A verifier */
        head: operations["head_verifiers_by_verifier_id"];
        patch?: never;
        trace?: never;
    };
    "/6/verifiers/{verifier_id}/verifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compare the faces of pictures with stored candidates */
        post: operations["post_verifiers_by_verifier_id_verifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/verifiers/{verifier_id}/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Compare descriptors with descriptors */
        post: operations["post_verifiers_by_verifier_id_raw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/detector": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Detect faces, estimate, store their samples */
        post: operations["post_detector"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/sdk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Detect faces and estimate; nothing is stored */
        post: operations["post_sdk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/iso": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check portraits against ISO/IEC 19794-5; nothing is stored
         * @description Every face is checked with the default thresholds. What LP5 checks and nothing here decides is absent from `checks`, and `status` is the AND of the checks that are there: 1 does not vouch for the absent ones. A value that could not be measured is null and does not pass.
         *
         *     | check | value | passes by default | how it is decided | source |
         *     |---|---|---|---|---|
         *     | `image_format` | name | `JPEG`, `JPEG2000`, `PNG` | by the first bytes of the file; `JPEG2000` cannot be decoded here and is never answered | the signatures that the formats define |
         *     | `image_size` | bytes | at least 5120, at most 2097152 | length of the file | counted |
         *     | `image_width` | pixels | at least 180 | of the picture after its EXIF turn | counted |
         *     | `image_height` | pixels | at least 180 | of the picture after its EXIF turn | counted |
         *     | `aspect_ratio` | ratio | at least 0.74, at most 0.8 | width over height of the picture after its EXIF turn | our own, by the name |
         *     | `illumination_quality` | 0..1, 1 is good | at least 0.3 | overlap of the luma histograms (32 bins) of the left and the right half; on the upright face in 150 x 150 pixels, inside an ellipse | ISO/IEC 29794-5, illumination uniformity |
         *     | `illumination_uniformity` | 0..1, 1 is good | at least 0.3 | overlap of the luma histograms (32 bins) of the left and the right half; on the upright face in 150 x 150 pixels, inside an ellipse | ISO/IEC 29794-5, illumination uniformity |
         *     | `specularity_quality` | 0..1, 1 is good | at least 0.3 | 1 - share / 0.1 of pixels with luma from 235 on whose largest and smallest of R, G, B differ by at most 25; on the upright face in 150 x 150 pixels, inside an ellipse | our own |
         *     | `blurriness_quality` | 0..1, 1 is good | at least 0.61 | v / (v + 100) of the variance v of the Laplacian of the luma; on the upright face in 150 x 150 pixels, inside an ellipse | LAPV of Pech-Pacheco et al. 2000; the 100 is our own |
         *     | `dark_quality` | 0..1, 1 is good | at least 0.5 | 1 - share / 0.2 of pixels with luma up to 25; on the upright face in 150 x 150 pixels, inside an ellipse | ISO/IEC 29794-5, under-exposure prevention; the 0.2 is our own |
         *     | `light_quality` | 0..1, 1 is good | at least 0.57 | 1 - share / 0.2 of pixels with luma from 247 on; on the upright face in 150 x 150 pixels, inside an ellipse | ISO/IEC 29794-5, over-exposure prevention; the 0.2 is our own |
         *     | `dynamic_range` | 0..1 | at least 0.5 | entropy in bits of the 256-bin luminance histogram of the face oval, over 8; null with less than half of the oval in the picture | ISO/IEC 29794-5, dynamic range, as in OFIQ |
         *     | `background_uniformity` | 0..1, 1 is uniform | at least 0.5 | 1.9 (1 - 1 / (1 + exp((10 - g) / 100))) of the mean Scharr gradient g of the luminance, the eyes brought to 81 pixels apart, in the picture around the head, down to the height of the mouth; the head with its hair is an ellipse laid by eyes, nose and mouth, no network finds it: long hair beside it counts as background; null when less than 5 % of that room lies in the picture, and for face samples, or with the eyes less than 41 pixels apart | ISO/IEC 29794-5, background uniformity, as in OFIQ, whose background is found by a network |
         *     | `background_lightness` | 0..1: to 0.1 black, to 0.3 dark, to 0.97 light, then white | at least 0.3, at most 0.97 | mean luma over 255 in the same part of the picture, null alike | scale of LP5 5.27; the mean is our own |
         *     | `natural_light` | 1 natural, 0 not | `1` | 1 when the mean colour of both cheeks is at most 11 from a* 5..25, b* 5..35 in CIELAB and neither is below 0: it tells a colour cast, not the kind of lamp; null for faces without colour and hidden cheeks | ISO/IEC 29794-5, natural colour, as in OFIQ, where a score of 50 of 100 is our limit |
         *     | `red_eyes` | 1 red, 0 not | `0` | 1 when in a pupil (half the radius of the iris) at least 0.3 of the pixels have R - max(G, B) from 40 on and a hue within 20 degrees of red; null when an eye is closed or its iris has a radius under 6 pixels, and for faces without colour | our own |
         *     | `face_color_type` | name | `color` | `grayscale` when max(R, G, B) - min(R, G, B) has a mean up to 6 and a 95th percentile up to 12 over the face and over its surroundings; null when over the face only; `infrared` looks like any other grey picture and is never answered | our own |
         *     | `head_yaw` | degrees | at least -5, at most 5 | how far the lines between opposite points of the face lead into the depth; null for face samples | our own, from the points of MediaPipe FaceMesh (Kartynnik et al. 2019) |
         *     | `head_pitch` | degrees | at least -5, at most 5 | how far the line from forehead to chin leads into the depth, 8 degrees being upright; null for face samples | our own, from the points of MediaPipe FaceMesh (Kartynnik et al. 2019) |
         *     | `head_roll` | degrees | at least -8, at most 8 | turn of the lines between opposite points of the face in the picture; null for face samples | our own, from the points of MediaPipe FaceMesh (Kartynnik et al. 2019) |
         *     | `gaze_yaw` | degrees | at least -5, at most 5 | yaw of the head and the mean turn of both eyeballs: arcsine of the way of the iris from the middle of the lid corners, over 0.4 of their distance | our own, from the points of MediaPipe Iris (Ablavatski et al. 2020); radius of an eyeball 12 mm, lid opening 30 mm |
         *     | `gaze_pitch` | degrees | at least -5, at most 5 | pitch of the head and the mean turn of both eyeballs: arcsine of the way of the iris from the middle of the lid corners, over 0.4 of their distance | our own, from the points of MediaPipe Iris (Ablavatski et al. 2020); radius of an eyeball 12 mm, lid opening 30 mm |
         *     | `mouth_smiling` | 0..1 | at most 0.5 | logistic of 22.4 w + 25.6 l - 13.96 with the width w of the mouth and the lift l of its corners over the distance of the outer eye corners | our own, from the points of MediaPipe FaceMesh (Kartynnik et al. 2019) |
         *     | `mouth_open` | 0..1 | at most 0.5 | logistic of 40 (g - 0.12) with the gap g of the lips over the inner width of the mouth | our own, from the points of MediaPipe FaceMesh (Kartynnik et al. 2019) |
         *     | `left_eye` | name | `open` | `closed` when height over width of the lid opening is below 0.18; left in the picture; `occluded` is never answered | eye aspect ratio of Soukupová and Čech 2016, from the points of MediaPipe Iris (Ablavatski et al. 2020); the 0.18 is our own |
         *     | `right_eye` | name | `open` | `closed` when height over width of the lid opening is below 0.18; right in the picture; `occluded` is never answered | eye aspect ratio of Soukupová and Čech 2016, from the points of MediaPipe Iris (Ablavatski et al. 2020); the 0.18 is our own |
         *     | `eye_distance` | pixels | at least 90 | between the middles of the lid corners | ISO/IEC 19794-5, inter-eye distance |
         *     | `head_horizontal_center` | share of the width | at least 0.45, at most 0.55 | x of the middle between the eyes | ISO/IEC 19794-5, 8.3.2 |
         *     | `head_vertical_center` | share of the height | at least 0.3, at most 0.5 | y of the middle between the eyes | ISO/IEC 19794-5, 8.3.3 |
         *     | `head_width` | share of the width | at least 0.5, at most 0.75 | distance of the jaw points at the ears; null for face samples | our own, from landmarks 0 and 16 of the iBUG 300-W scheme; ISO/IEC 19794-5 measures at the ears |
         *     | `head_height` | share of the height | at least 0.6, at most 0.9 | twice the distance from the middle between the eyes to the chin, as eyes lie half way between chin and crown; null for face samples | our own: no network of this appliance finds the crown that ISO/IEC 19794-5 measures to |
         *     | `face_width` | pixels | at least 180 | width of the face box | the box of the face detector |
         *     | `face_height` | pixels | at least 180 | height of the face box | the box of the face detector |
         *     | `indent_left` | pixels | at least 20 | from the face box to the left border of the picture | the box of the face detector |
         *     | `indent_right` | pixels | at least 20 | from the face box to the right border of the picture | the box of the face detector |
         *     | `indent_upper` | pixels | at least 20 | from the face box to the upper border of the picture | the box of the face detector |
         *     | `indent_lower` | pixels | at least 20 | from the face box to the lower border of the picture | the box of the face detector |
         *
         *     | refused | because |
         *     |---|---|
         *     | `radial_distortion` | one portrait has no straight line that would prove it |
         *     | `mouth_occluded` | no network of this appliance tells a covered mouth |
         *     | `smile_properties` | no network of this appliance tells whether a smile shows the teeth |
         *     | `glasses` | no network of this appliance tells glasses |
         *     | `eyebrows_state` | no network of this appliance tells raised, squinting and frowning brows |
         *     | `headwear_type` | no network of this appliance tells headwear |
         *     | `shoulders_position` | no network of this appliance finds shoulders |
         *
         *     Luma is that of ITU-R BT.601, 0..255. Luminance is that of ISO/IEC 29794-5: ITU-R BT.709 weights on linear light, 0..255.
         *     OFIQ is the reference code of ISO/IEC 29794-5 by the Federal Office for Information Security of Germany
         *     (<https://github.com/BSI-OFIQ/OFIQ-Project>). Its ways are followed on other landmarks: its values are not met digit by digit.
         */
        post: operations["post_iso"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/extractor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make temporary attributes of stored face samples */
        post: operations["post_extractor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/liveness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell living faces from pictures of faces; nothing is stored */
        post: operations["post_liveness"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/matcher/faces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Match faces
         * @description Compares every reference with every candidate set; nothing is stored. The answer is an array in the order of the
         *     references; each result is sorted by similarity. The search is exact, unless approximate answers are switched on in
         *     the settings (the matcher's `ivf`, the plugin pgvector in mode hnsw, an own plugin that says so).
         *
         *     **"Has this face been here before?"** is one call: candidates of origin `events` with a time. A picture from `/sdk` (or
         *     a face, an event, a temporary attribute) against the events of the last day at one door:
         *     ```json
         *     {"references": [{"type": "sdk_descriptor", "id": "visitor", "data": "ZHAAA..."}],
         *      "candidates": [{"filters": {"origin": "events", "sources": ["front door"], "create_time__gte": "now-1d"},
         *                      "threshold": 0.9, "limit": 5, "targets": ["event_id", "create_time", "source"]}]}
         *     ```
         *     An empty `result` means that no such visit was seen.
         */
        post: operations["post_matcher_faces"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/matcher/bodies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Match bodies
         * @description Always 403, 11044: this appliance has no body descriptors.
         */
        post: operations["post_matcher_bodies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/matcher/raw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Match descriptors with descriptors
         * @description Both sides are in the body; in msgpack descriptors are bytes. Nothing is looked up or stored.
         */
        post: operations["post_matcher_raw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/perigee/rejections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rejections, newest first */
        get: operations["get_perigee_rejections"];
        put?: never;
        /**
         * Not this person
         * @description Not part of LP5. Declares that a face and the person of an event (`event_id`), or two faces (`other_face_id`), are not
         *     the same person. Of the two, a query may from now on match only the one it looks more like: a candidate is left out of
         *     every match (matcher, match policies, cross match) when the reference is the other side of the pair, or when it is
         *     similar to the other side (setting `rejection_similarity`, 0.5) and more similar to it than to the candidate. An event's
         *     descriptors are kept with the rejection, so that it outlives the event. Verifiers and `/matcher/raw` are not affected:
         *     they say how similar two given pictures are. The same pair again answers the rejection that stands.
         *
         *     Example: the camera took a visitor for an employee. `{"face_id": "<employee>", "event_id": "<the wrong event>"}` keeps
         *     later pictures of that visitor from being answered as the employee, while the employee is still recognised.
         */
        post: operations["post_perigee_rejections"];
        delete?: never;
        options?: never;
        /** The headers of GET: Rejections, newest first */
        head: operations["head_perigee_rejections"];
        patch?: never;
        trace?: never;
    };
    "/6/perigee/rejections/{rejection_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A rejection */
        get: operations["get_perigee_rejections_by_rejection_id"];
        put?: never;
        post?: never;
        /** Take a rejection back */
        delete: operations["delete_perigee_rejections_by_rejection_id"];
        options?: never;
        /** The headers of GET: A rejection */
        head: operations["head_perigee_rejections_by_rejection_id"];
        patch?: never;
        trace?: never;
    };
    "/6/perigee/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Installed model packs
         * @description Not part of LP5. For accounts of type admin (Basic authorization) and for programs on the appliance itself.
         */
        get: operations["get_perigee_models"];
        put?: never;
        /**
         * Install a model pack
         * @description Not part of LP5. For accounts of type admin (Basic authorization) and for programs on the appliance itself. The body is a .zip, .tar or .tar.gz of the files of a pack, at the top or in one folder, of at most 1024 MiB. Checked are signature, checksums, shapes, and the networks themselves on golden vectors. It is not active yet. The same pack again mends its files.
         */
        post: operations["post_perigee_models"];
        delete?: never;
        options?: never;
        /**
         * The headers of GET: Installed model packs
         * @description Not part of LP5. For accounts of type admin (Basic authorization) and for programs on the appliance itself.
         */
        head: operations["head_perigee_models"];
        patch?: never;
        trace?: never;
    };
    "/6/perigee/models/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a model pack without installing it
         * @description Not part of LP5. For accounts of type admin (Basic authorization) and for programs on the appliance itself. The body is a .zip, .tar or .tar.gz of the files of a pack, at the top or in one folder, of at most 1024 MiB. Checked are signature, checksums, shapes, and the networks themselves on golden vectors.
         */
        post: operations["post_perigee_models_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/perigee/models/{name}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a model pack in place of the network of its kind
         * @description Not part of LP5. For accounts of type admin (Basic authorization) and for programs on the appliance itself. Answered when its networks are in use; no request is lost meanwhile. When they cannot be put in use, those before go on and stay active. The descriptors of a descriptor pack have a version of their own: what was described before is kept, and never compared with them.
         */
        post: operations["post_perigee_models_by_name_activate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/perigee/models/{name}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go back to the network that came with the appliance
         * @description Not part of LP5. For accounts of type admin (Basic authorization) and for programs on the appliance itself.
         */
        post: operations["post_perigee_models_by_name_deactivate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/perigee/models/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a model pack that is not active
         * @description Not part of LP5. For accounts of type admin (Basic authorization) and for programs on the appliance itself. What a descriptor pack has described stays, and is compared again when the pack comes back.
         */
        delete: operations["delete_perigee_models_by_name"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/6/ws": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events as they happen, over a WebSocket
         * @description One event per text frame: `{"event_create_time", "event_end_time", "Luna-Request-Id", "account_id", "handler_id", "event"}`. Best effort: what happens while nobody is connected is not sent later (MQTT does that), and a subscriber that reads too slowly loses the oldest. Browsers, which cannot set headers, give `luna-account-id` as a query parameter. Closed with 1008 when the credentials that opened it do not hold any more or grant something else.
         */
        get: operations["get_ws"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * The headers of GET: Events as they happen, over a WebSocket
         * @description One event per text frame: `{"event_create_time", "event_end_time", "Luna-Request-Id", "account_id", "handler_id", "event"}`. Best effort: what happens while nobody is connected is not sent later (MQTT does that), and a subscriber that reads too slowly loses the oldest. Browsers, which cannot set headers, give `luna-account-id` as a query parameter. Closed with 1008 when the credentials that opened it do not hold any more or grant something else.
         */
        head: operations["head_ws"];
        patch?: never;
        trace?: never;
    };
    "/docs/spec": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document
         * @description As the header `Accept` or the parameter `format` ask for it; YAML when they do not.
         */
        get: operations["get_docs_spec"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /**
         * The headers of GET: This document
         * @description As the header `Accept` or the parameter `format` ask for it; YAML when they do not.
         */
        head: operations["head_docs_spec"];
        patch?: never;
        trace?: never;
    };
    "/docs/errors/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What an error code means: the page that `link` of an error points to */
        get: operations["get_docs_errors_by_code"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The headers of GET: What an error code means: the page that `link` of an error points to */
        head: operations["head_docs_errors_by_code"];
        patch?: never;
        trace?: never;
    };
};
export type webhooks = Record<string, never>;
export type components = {
    schemas: {
        /**
         * @description Pictures by `urls` (http and https; `/6/images/{id}` and `/6/samples/faces/{id}` are read from the store), as `image` with `mimetype`, or stored face `samples`. At most 30 together. `policies` belong to dynamic handlers.
         * @example {
         *       "image": "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQMAAAAlPW0iAAAAA1BMVEWIiIhYZW6zAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAADElEQVQI12NgIA0AAAAwAAHHqoWOAAAAAElFTkSuQmCC",
         *       "mimetype": "image/png",
         *       "filename": "grey.png"
         *     }
         */
        PicturesBody: {
            urls?: (string | {
                url: string;
                filename?: string;
                face_bounding_boxes?: components["schemas"]["BoundingBox"][];
                /**
                 * Format: date-time
                 * @example 2026-03-05T10:20:30.123Z
                 */
                detect_time?: string;
                detect_ts?: number;
                image_origin?: string;
            })[];
            /**
             * Format: byte
             * @description base64
             */
            image?: string;
            /** @enum {string} */
            mimetype?: "image/jpeg" | "image/png" | "image/bmp" | "image/tiff" | "image/x-portable-pixmap" | "image/webp" | "image/x-jpeg-base64" | "image/x-png-base64" | "image/x-bmp-base64" | "image/x-tiff-base64" | "image/x-portable-pixmap-base64" | "image/x-webp-base64";
            filename?: string;
            samples?: string[];
            sample_ids?: string[];
            body_bounding_boxes?: unknown[];
            policies?: unknown;
            /** @description Anything, at most 65536 bytes as JSON. */
            meta?: unknown;
            face_bounding_boxes?: (components["schemas"]["BoundingBox"] | {
                filename: string;
                face_bounding_boxes: components["schemas"]["BoundingBox"][];
            })[];
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            detect_time?: string;
            detect_ts?: number;
            image_origin?: string;
        };
        /** @description Pixels of the picture after its EXIF turn. */
        BoundingBox: {
            x: number;
            y: number;
            width: number;
            height: number;
        };
        /**
         * @example {
         *       "references": [
         *         {
         *           "type": "sdk_descriptor",
         *           "id": "visitor",
         *           "data": "ZHAAACFOAAAAAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPg=="
         *         }
         *       ],
         *       "candidates": [
         *         {
         *           "type": "sdk_descriptor",
         *           "id": "visitor",
         *           "data": "ZHAAACFOAAAAAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPg=="
         *         }
         *       ]
         *     }
         */
        RawMatchBody: {
            references: components["schemas"]["RawDescriptor"][];
            candidates: components["schemas"]["RawDescriptor"][];
        };
        /**
         * @description `sdk_descriptor`: base64 of the SDK container. `raw_descriptor`: `{"descriptor": base64, "version": n}`, or base64 of the same object in msgpack. `xpk_file`: accepted as a type and answered with 12026, because the format is not public.
         * @example {
         *       "type": "sdk_descriptor",
         *       "id": "visitor",
         *       "data": "ZHAAACFOAAAAAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPg=="
         *     }
         */
        RawDescriptor: {
            /** @enum {string} */
            type: "sdk_descriptor" | "xpk_file" | "raw_descriptor";
            /** @default  */
            id?: string;
            data: string | {
                /** Format: byte */
                descriptor: string;
                version: number;
            };
        };
        Error: {
            error_code: number;
            desc: string;
            detail: string;
            link: string;
        };
        Version: {
            api?: number;
            major: number;
            minor: number;
            patch: number;
        };
        SysInfo: {
            license_info: {
                body_attributes: boolean;
                liveness: 0 | 2;
                iso_estimation: boolean;
            };
            system: {
                hardware: {
                    os: string;
                    kernel: string;
                    cpu: string;
                    cores: number;
                    graphics: string[];
                };
                uptime_s: number;
                /** @description Of the last 1, 5 and 15 minutes. */
                load: number[];
                memory: {
                    total_bytes: number;
                    free_bytes: number;
                    rss_bytes: number;
                };
                disk: {
                    total_bytes: number;
                    free_bytes: number;
                } | null;
                inference: {
                    detected: {
                        name: string;
                        usable: boolean;
                        reason: string;
                        ms: number | null;
                    }[];
                    chosen: string;
                    reason: string;
                    cpuModel: string;
                    cores: number;
                };
            };
        };
        AccountCreated: {
            /** Format: uuid */
            account_id: string;
            url: string;
        };
        /**
         * @example {
         *       "login": "operator@site.com",
         *       "password": "correct horse",
         *       "account_type": "user",
         *       "description": "gate"
         *     }
         */
        AccountCreate: {
            /** @example operator@site.com */
            login: string;
            /** Format: password */
            password: string;
            /**
             * @description 'admin' is made on the appliance only.
             * @enum {string}
             */
            account_type: "user" | "advanced_user";
            /** @default  */
            description?: string;
        };
        Accounts: {
            accounts: components["schemas"]["Account"][];
        };
        Account: {
            /** Format: uuid */
            account_id?: string;
            login?: string;
            /** @enum {string} */
            account_type?: "user" | "advanced_user" | "admin";
            description?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            last_update_time?: string;
        };
        /**
         * @example {
         *       "description": "night shift"
         *     }
         */
        AccountPatch: {
            /** @example operator@site.com */
            login?: string;
            /** Format: password */
            password?: string;
            description?: string;
        };
        LoggedIn: {
            /** Format: uuid */
            account_id: string;
            /** Format: uuid */
            token_id: string;
            token: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            expiration_time: string;
        };
        TokenCreated: {
            /** Format: uuid */
            token_id: string;
            /** @description Shown once. */
            token: string;
            url: string;
        };
        /**
         * @example {
         *       "description": "camera at the gate",
         *       "expiration_time": null,
         *       "visibility_area": "account",
         *       "permissions": {
         *         "face": [
         *           "view"
         *         ],
         *         "emit_events": {
         *           "allowed": 1,
         *           "white_list": [
         *             "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *           ],
         *           "black_list": []
         *         }
         *       }
         *     }
         */
        TokenBody: {
            /** @default  */
            description?: string;
            /**
             * Format: date-time
             * @description null: for ever
             * @example 2026-03-05T10:20:30.123Z
             */
            expiration_time?: string | null;
            /**
             * @description 'all' only for advanced_user and admin
             * @default account
             * @enum {string}
             */
            visibility_area?: "account" | "all";
            permissions?: components["schemas"]["TokenPermissions"];
        };
        /** @default {} */
        TokenPermissions: {
            /** @default [] */
            attribute?: ("creation" | "view" | "modification" | "deletion" | "matching")[];
            /** @default [] */
            face?: ("creation" | "view" | "modification" | "deletion" | "matching")[];
            /** @default [] */
            list?: ("creation" | "view" | "modification" | "deletion")[];
            /** @default [] */
            handler?: ("creation" | "view" | "modification" | "deletion")[];
            /** @default [] */
            verifier?: ("creation" | "view" | "modification" | "deletion")[];
            /** @default [] */
            task?: ("creation" | "view" | "modification" | "deletion")[];
            /** @default [] */
            event?: ("creation" | "view" | "matching")[];
            /** @default [] */
            face_sample?: ("creation" | "view" | "deletion")[];
            /** @default [] */
            body_sample?: ("creation" | "view" | "deletion")[];
            /** @default [] */
            image?: ("creation" | "view" | "deletion")[];
            /** @default [] */
            object?: ("creation" | "view" | "deletion")[];
            /** @default [] */
            token?: ("creation" | "view" | "modification" | "deletion")[];
            /** @default [] */
            resources?: ("liveness" | "iso" | "sdk")[];
            /** @default {} */
            emit_events?: {
                /** @enum {integer} */
                allowed?: 0 | 1;
                /**
                 * @description Handlers that may be used; empty: all.
                 * @default []
                 */
                white_list?: string[];
                /**
                 * @description Handlers that may not be used.
                 * @default []
                 */
                black_list?: string[];
            };
        };
        Tokens: {
            tokens: components["schemas"]["Token"][];
        };
        Token: {
            /** Format: uuid */
            token_id: string;
            /** Format: uuid */
            account_id: string;
            description: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            expiration_time: string | null;
            /** @enum {string} */
            visibility_area: "account" | "all";
            permissions: components["schemas"]["TokenPermissionsOut"];
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time: string;
        };
        TokenPermissionsOut: {
            attribute: ("creation" | "view" | "modification" | "deletion" | "matching")[];
            face: ("creation" | "view" | "modification" | "deletion" | "matching")[];
            list: ("creation" | "view" | "modification" | "deletion")[];
            handler: ("creation" | "view" | "modification" | "deletion")[];
            verifier: ("creation" | "view" | "modification" | "deletion")[];
            task: ("creation" | "view" | "modification" | "deletion")[];
            event: ("creation" | "view" | "matching")[];
            face_sample: ("creation" | "view" | "deletion")[];
            body_sample: ("creation" | "view" | "deletion")[];
            image: ("creation" | "view" | "deletion")[];
            object: ("creation" | "view" | "deletion")[];
            token: ("creation" | "view" | "modification" | "deletion")[];
            resources: ("liveness" | "iso" | "sdk")[];
            emit_events: {
                allowed: 0 | 1;
                white_list: string[];
                black_list: string[];
            };
        };
        FaceAttributeView: {
            basic_attributes?: {
                age: number | null;
                gender: number | null;
                ethnicities: {
                    /** @enum {string} */
                    predominant_ethnicity: "african_american" | "indian" | "asian" | "caucasian";
                } | null;
            } | null;
            face_descriptor?: {
                /**
                 * Format: byte
                 * @description Base64 in JSON, bytes in msgpack.
                 */
                sdk_descriptor: string;
                score: number | null;
                version: number;
            } | null;
            basic_attributes_samples?: string[];
            face_descriptor_samples?: string[];
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time?: string;
        };
        /**
         * @example {
         *       "attribute_id": "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *     }
         */
        FaceAttribute: {
            basic_attributes?: {
                age?: number | null;
                /** @enum {integer} */
                gender?: 0 | 1;
                /** @enum {integer} */
                ethnic_group?: 1 | 2 | 3 | 4;
                ethnicities?: {
                    /** @enum {integer} */
                    predominant_ethnicity: 1 | 2 | 3 | 4;
                } | null;
            } | null;
            /**
             * @description One per version, all of one person.
             * @default []
             */
            descriptors?: {
                /** @enum {string} */
                type: "sdk_descriptor" | "xpk_file" | "raw_descriptor";
                /** @default  */
                id?: string;
                data: string | {
                    /** Format: byte */
                    descriptor: string;
                    version: number;
                };
                score?: number | null;
            }[];
            /** @default [] */
            basic_attributes_samples?: string[];
            /** @default [] */
            face_descriptor_samples?: string[];
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            attribute_id?: string;
        };
        AttributeSamples: {
            basic_attributes_samples: string[];
            face_descriptor_samples: string[];
            /** @description Those of both members, each once. */
            samples: string[];
        };
        FaceCreated: {
            /** Format: uuid */
            face_id: string;
            url: string;
            external_url: string;
        };
        /**
         * @example {
         *       "external_id": "badge-17",
         *       "user_data": "Anna",
         *       "lists": [
         *         "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *       ],
         *       "attribute_id": "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *     }
         */
        FaceCreate: {
            /** @default  */
            external_id?: string;
            /** @default  */
            user_data?: string;
            /** @default  */
            avatar?: string;
            /**
             * Format: uuid
             * @default null
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            event_id?: string | null;
            /** @default [] */
            lists?: string[];
            attribute?: components["schemas"]["FaceAttribute"];
            /**
             * Format: uuid
             * @description Short for `attribute.attribute_id`.
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            attribute_id?: string;
        };
        Faces: {
            faces: components["schemas"]["Face"][];
        };
        /** @description With `targets`, only the members asked for. */
        Face: {
            /** Format: uuid */
            face_id?: string;
            /** Format: uuid */
            account_id?: string;
            /** Format: uuid */
            event_id?: string | null;
            user_data?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time?: string;
            external_id?: string;
            avatar?: string;
            lists?: string[];
        };
        /**
         * @example {
         *       "face_ids": [
         *         "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *       ]
         *     }
         */
        FaceIds: {
            face_ids: string[];
        };
        /**
         * @example {
         *       "user_data": "Anna Berg"
         *     }
         */
        FacePatch: {
            external_id?: string;
            user_data?: string;
            avatar?: string;
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            event_id?: string | null;
        };
        ListCreated: {
            /** Format: uuid */
            list_id: string;
            url: string;
            external_url: string;
        };
        /**
         * @example {
         *       "user_data": "staff"
         *     }
         */
        ListCreate: {
            /** @default  */
            user_data?: string;
        };
        Lists: {
            lists: components["schemas"]["List"][];
        };
        List: {
            /** Format: uuid */
            list_id: string;
            /** Format: uuid */
            account_id: string;
            user_data: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            last_update_time: string;
        };
        /**
         * @example {
         *       "list_ids": [
         *         "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *       ]
         *     }
         */
        ListIds: {
            list_ids: string[];
        };
        /**
         * @example {
         *       "user_data": "staff of 2026"
         *     }
         */
        ListPatch: {
            user_data: string;
        };
        /**
         * @example {
         *       "action": "attach",
         *       "face_ids": [
         *         "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *       ]
         *     }
         */
        ListFaces: {
            /** @enum {string} */
            action: "attach" | "detach";
            face_ids: string[];
        };
        /**
         * @example {
         *       "action": "attach",
         *       "list_id": "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d",
         *       "face_ids": [
         *         "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *       ]
         *     }
         */
        Linker: {
            /**
             * @default attach
             * @enum {string}
             */
            action?: "attach" | "detach";
            face_ids: string[];
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            list_id: string;
        };
        AttributeCreated: {
            /** Format: uuid */
            attribute_id: string;
            url: string;
            external_url: string;
        };
        /**
         * @example {
         *       "basic_attributes": {
         *         "age": 34,
         *         "gender": 1
         *       },
         *       "ttl": 600
         *     }
         */
        AttributeCreate: {
            basic_attributes?: {
                age?: number | null;
                /** @enum {integer} */
                gender?: 0 | 1;
                /** @enum {integer} */
                ethnic_group?: 1 | 2 | 3 | 4;
                ethnicities?: {
                    /** @enum {integer} */
                    predominant_ethnicity: 1 | 2 | 3 | 4;
                } | null;
            } | null;
            /**
             * @description One per version, all of one person.
             * @default []
             */
            descriptors?: {
                /** @enum {string} */
                type: "sdk_descriptor" | "xpk_file" | "raw_descriptor";
                /** @default  */
                id?: string;
                data: string | {
                    /** Format: byte */
                    descriptor: string;
                    version: number;
                };
                score?: number | null;
            }[];
            /** @default [] */
            basic_attributes_samples?: string[];
            /** @default [] */
            face_descriptor_samples?: string[];
            ttl?: number;
        };
        AttributeView: {
            /** Format: uuid */
            attribute_id?: string;
            /** Format: uuid */
            account_id?: string;
            basic_attributes?: {
                age: number | null;
                gender: number | null;
                ethnicities: {
                    /** @enum {string} */
                    predominant_ethnicity: "african_american" | "indian" | "asian" | "caucasian";
                } | null;
            } | null;
            face_descriptor?: {
                /**
                 * Format: byte
                 * @description Base64 in JSON, bytes in msgpack.
                 */
                sdk_descriptor: string;
                score: number | null;
                version: number;
            } | null;
            basic_attributes_samples?: string[];
            face_descriptor_samples?: string[];
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time?: string;
        };
        SampleCreated: {
            /** Format: uuid */
            sample_id: string;
            url: string;
        };
        ImageCreated: {
            /** Format: uuid */
            image_id: string;
            url: string;
        };
        ObjectCreated: {
            /** Format: uuid */
            object_id: string;
            url: string;
        };
        EventStatistics: {
            statistic: {
                [key: string]: number | string | null;
            }[];
        };
        /**
         * @description `interval` (`1h`, `2d`, `1M`) and `frequency` group times, in UTC; weekday 1 is Monday. A column that is grouped in several ways is told as `create_time__weekday`. Times of filters may be relative (`now-1d`).
         * @example {
         *       "filters": [
         *         {
         *           "column": "create_time",
         *           "operator": "gte",
         *           "value": "now-1d"
         *         }
         *       ],
         *       "targets": [
         *         {
         *           "column": "event_id",
         *           "aggregator": "count"
         *         }
         *       ],
         *       "group_by": [
         *         {
         *           "column": "create_time",
         *           "frequency": "hour"
         *         }
         *       ]
         *     }
         */
        EventStatisticsQuery: {
            /** @default [] */
            filters?: {
                column: ("event_id" | "account_id" | "handler_id" | "face_id" | "create_time" | "end_time" | "insert_time" | "external_id" | "user_data" | "source" | "track_id" | "stream_id" | "gender" | "age" | "emotion" | "ethnic_group" | "mask" | "liveness" | "top_matching_candidates_label" | "top_similar_object_id" | "top_similar_object_type" | "top_similar_external_id" | "top_similar_object_similarity" | "similarity" | "city" | "area" | "district" | "street" | "house_number" | "longitude" | "latitude") | "tags";
                /** @enum {string} */
                operator: "eq" | "neq" | "lt" | "lte" | "gt" | "gte" | "in" | "nin" | "like";
                value: number | string | null | (number | string | null)[];
            }[];
            targets: {
                /** @enum {string} */
                column: "event_id" | "account_id" | "handler_id" | "face_id" | "create_time" | "end_time" | "insert_time" | "external_id" | "user_data" | "source" | "track_id" | "stream_id" | "gender" | "age" | "emotion" | "ethnic_group" | "mask" | "liveness" | "top_matching_candidates_label" | "top_similar_object_id" | "top_similar_object_type" | "top_similar_external_id" | "top_similar_object_similarity" | "similarity" | "city" | "area" | "district" | "street" | "house_number" | "longitude" | "latitude";
                /** @enum {string} */
                aggregator: "count" | "max" | "min" | "avg" | "group_by";
                interval?: string;
                /** @enum {string} */
                frequency?: "hour" | "weekday" | "monthday" | "month" | "year";
            }[];
            /** @default [] */
            group_by?: (("event_id" | "account_id" | "handler_id" | "face_id" | "create_time" | "end_time" | "insert_time" | "external_id" | "user_data" | "source" | "track_id" | "stream_id" | "gender" | "age" | "emotion" | "ethnic_group" | "mask" | "liveness" | "top_matching_candidates_label" | "top_similar_object_id" | "top_similar_object_type" | "top_similar_external_id" | "top_similar_object_similarity" | "similarity" | "city" | "area" | "district" | "street" | "house_number" | "longitude" | "latitude") | {
                /** @enum {string} */
                column: "event_id" | "account_id" | "handler_id" | "face_id" | "create_time" | "end_time" | "insert_time" | "external_id" | "user_data" | "source" | "track_id" | "stream_id" | "gender" | "age" | "emotion" | "ethnic_group" | "mask" | "liveness" | "top_matching_candidates_label" | "top_similar_object_id" | "top_similar_object_type" | "top_similar_external_id" | "top_similar_object_similarity" | "similarity" | "city" | "area" | "district" | "street" | "house_number" | "longitude" | "latitude";
                interval?: string;
                /** @enum {string} */
                frequency?: "hour" | "weekday" | "monthday" | "month" | "year";
            }) | (("event_id" | "account_id" | "handler_id" | "face_id" | "create_time" | "end_time" | "insert_time" | "external_id" | "user_data" | "source" | "track_id" | "stream_id" | "gender" | "age" | "emotion" | "ethnic_group" | "mask" | "liveness" | "top_matching_candidates_label" | "top_similar_object_id" | "top_similar_object_type" | "top_similar_external_id" | "top_similar_object_similarity" | "similarity" | "city" | "area" | "district" | "street" | "house_number" | "longitude" | "latitude") | {
                /** @enum {string} */
                column: "event_id" | "account_id" | "handler_id" | "face_id" | "create_time" | "end_time" | "insert_time" | "external_id" | "user_data" | "source" | "track_id" | "stream_id" | "gender" | "age" | "emotion" | "ethnic_group" | "mask" | "liveness" | "top_matching_candidates_label" | "top_similar_object_id" | "top_similar_object_type" | "top_similar_external_id" | "top_similar_object_similarity" | "similarity" | "city" | "area" | "district" | "street" | "house_number" | "longitude" | "latitude";
                interval?: string;
                /** @enum {string} */
                frequency?: "hour" | "weekday" | "monthday" | "month" | "year";
            })[];
        };
        Events: {
            events: components["schemas"]["EventRecord"][];
        };
        /** @description With `targets`, only the members asked for. Members of bodies and deepfakes are null: nothing estimates them. */
        EventRecord: {
            /** Format: uuid */
            event_id?: string;
            /** Format: uuid */
            account_id?: string;
            /** Format: uuid */
            handler_id?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            end_time?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            insert_time?: string;
            external_id?: string;
            user_data?: string;
            source?: string | null;
            track_id?: string | null;
            stream_id?: string | null;
            tags?: string[];
            /** @description Any JSON: what came with the pictures. */
            meta?: unknown;
            location?: {
                city: string | null;
                area: string | null;
                district: string | null;
                street: string | null;
                house_number: string | null;
                geo_position: {
                    longitude: number;
                    latitude: number;
                } | null;
            };
            /** Format: uuid */
            face_id?: string | null;
            /** @description Lists the face was attached to. */
            attach_result?: string[];
            gender?: number | null;
            age?: number | null;
            emotion?: number | null;
            ethnic_group?: number | null;
            mask?: number | null;
            liveness?: number | null;
            deepfake?: null;
            top_match?: {
                label: string;
                similarity: number;
                /** Format: uuid */
                face_id: string | null;
                /** Format: uuid */
                object_id: string;
                /** @enum {string} */
                object_type: "face" | "event" | "attribute";
            } | null;
            match_result?: {
                label: string;
                candidates: {
                    face?: {
                        /** Format: uuid */
                        face_id?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    event?: {
                        /** Format: uuid */
                        event_id?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    attribute?: {
                        /** Format: uuid */
                        attribute_id?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    similarity: number;
                }[];
            }[];
            face_detections?: {
                /** Format: uuid */
                sample_id: string | null;
                image_origin: string | null;
                /**
                 * Format: date-time
                 * @example 2026-03-05T10:20:30.123Z
                 */
                detect_time: string;
                detect_ts: number | null;
                /** @description Null when a raw event told none. */
                detection: {
                    rect: {
                        x: number;
                        y: number;
                        width: number;
                        height: number;
                    };
                } | null;
            }[];
            body_detections?: unknown[];
            body_basic_attributes?: {
                apparent_age: null;
                apparent_gender: null;
            };
            basic_attributes?: {
                apparent_age: null;
                apparent_gender: null;
            };
            upper_body?: null;
            lower_body?: null;
            accessories?: null;
        };
        HandlerCreated: {
            /** Format: uuid */
            handler_id: string;
            url: string;
        };
        /**
         * @example {
         *       "description": "entrance",
         *       "policies": {
         *         "detect_policy": {
         *           "multiface_policy": 1,
         *           "estimate_quality": 1
         *         },
         *         "extract_policy": {
         *           "extract_basic_attributes": 1
         *         },
         *         "match_policy": [
         *           {
         *             "label": "staff",
         *             "candidates": {
         *               "origin": "faces",
         *               "list_id": "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *             },
         *             "threshold": 0.8,
         *             "limit": 1
         *           }
         *         ],
         *         "conditional_tags_policy": [
         *           {
         *             "tag": "staff",
         *             "filters": {
         *               "match": [
         *                 {
         *                   "label": "staff",
         *                   "similarity__gte": 0.9
         *                 }
         *               ]
         *             }
         *           }
         *         ],
         *         "storage_policy": {
         *           "face_sample_policy": {
         *             "store_sample": 1
         *           },
         *           "event_policy": {
         *             "store_event": 1
         *           }
         *         }
         *       }
         *     }
         */
        HandlerBody: {
            /** @default  */
            description?: string;
            /** @enum {integer} */
            is_dynamic?: 0 | 1;
            /** @description Later spelling of `is_dynamic`: 0 static, 1 dynamic. Lambda handlers (2) do not exist here. */
            handler_type?: 0 | 1;
            policies?: components["schemas"]["Policies"] | null;
        };
        /** @description Omitted members have their defaults. */
        Policies: {
            detect_policy?: components["schemas"]["DetectPolicy"];
            extract_policy?: components["schemas"]["ExtractPolicy"];
            match_policy?: components["schemas"]["MatchPolicy"][];
            conditional_tags_policy?: {
                tag: string;
                filters?: components["schemas"]["Filters"];
            }[];
            storage_policy?: components["schemas"]["StoragePolicy"];
        };
        DetectPolicy: {
            multiface_policy?: number;
            /** @enum {integer} */
            detect_face?: 0 | 1;
            /** @enum {integer} */
            estimate_head_pose?: 0 | 1;
            /** @enum {integer} */
            estimate_emotions?: 0 | 1;
            /** @enum {integer} */
            estimate_mask?: 0 | 1;
            /** @enum {integer} */
            estimate_quality?: 0 | 1;
            /** @enum {integer} */
            estimate_gaze?: 0 | 1;
            /** @enum {integer} */
            estimate_eyes_attributes?: 0 | 1;
            /** @enum {integer} */
            estimate_mouth_attributes?: 0 | 1;
            /** @enum {integer} */
            estimate_glasses?: 0 | 1;
            /** @enum {integer} */
            detect_landmarks68?: 0 | 1;
            /** @enum {integer} */
            extract_exif?: 0 | 1;
            estimate_liveness?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                liveness_threshold?: number;
                quality_threshold?: number;
            };
            liveness_states?: (0 | 1 | 2)[];
            mask_states?: (1 | 2 | 3)[];
            pitch_threshold?: number;
            yaw_threshold?: number;
            roll_threshold?: number;
            /** @description Without `checks`, or with none in it, all checks run with their default thresholds; else those that it names. */
            face_quality?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                /** @enum {integer} */
                filter?: 0 | 1;
                checks?: components["schemas"]["FaceQualityChecks"];
            };
            /** @enum {integer} */
            detect_body?: 0 | 1;
            body_attributes?: {
                /** @enum {integer} */
                estimate_basic_attributes?: 0 | 1;
                /** @enum {integer} */
                estimate_upper_body?: 0 | 1;
                /** @enum {integer} */
                estimate_accessories?: 0 | 1;
                /** @enum {integer} */
                estimate_lower_body?: 0 | 1;
            };
        };
        /** @description A check that is named runs unless its `estimate` is 0. The description of `/iso` says how each one is decided. */
        FaceQualityChecks: {
            /** @description name. Default threshold: `JPEG`, `JPEG2000`, `PNG`. */
            image_format?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: ("JPEG" | "JPEG2000" | "PNG" | "BMP" | "TIFF" | "PPM" | "WEBP" | "GIF")[];
            };
            /** @description bytes. Default threshold: at least 5120, at most 2097152. */
            image_size?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description pixels. Default threshold: at least 180. */
            image_width?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description pixels. Default threshold: at least 180. */
            image_height?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description ratio. Default threshold: at least 0.74, at most 0.8. */
            aspect_ratio?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 0..1, 1 is good. Default threshold: at least 0.3. */
            illumination_quality?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 0..1, 1 is good. Default threshold: at least 0.3. */
            illumination_uniformity?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 0..1, 1 is good. Default threshold: at least 0.3. */
            specularity_quality?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 0..1, 1 is good. Default threshold: at least 0.61. */
            blurriness_quality?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 0..1, 1 is good. Default threshold: at least 0.5. */
            dark_quality?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 0..1, 1 is good. Default threshold: at least 0.57. */
            light_quality?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 0..1. Default threshold: at least 0.5. */
            dynamic_range?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 0..1, 1 is uniform. Default threshold: at least 0.5. */
            background_uniformity?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 0..1: to 0.1 black, to 0.3 dark, to 0.97 light, then white. Default threshold: at least 0.3, at most 0.97. */
            background_lightness?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 1 natural, 0 not. Default threshold: `1`. */
            natural_light?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: (0 | 1) | (0 | 1)[];
            };
            /** @description 1 red, 0 not. Default threshold: `0`. */
            red_eyes?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: (0 | 1) | (0 | 1)[];
            };
            /** @description name. Default threshold: `color`. */
            face_color_type?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: ("color" | "grayscale" | "infrared")[];
            };
            /** @description degrees. Default threshold: at least -5, at most 5. */
            head_yaw?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description degrees. Default threshold: at least -5, at most 5. */
            head_pitch?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description degrees. Default threshold: at least -8, at most 8. */
            head_roll?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description degrees. Default threshold: at least -5, at most 5. */
            gaze_yaw?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description degrees. Default threshold: at least -5, at most 5. */
            gaze_pitch?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 0..1. Default threshold: at most 0.5. */
            mouth_smiling?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 0..1. Default threshold: at most 0.5. */
            mouth_open?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description name. Default threshold: `open`. */
            left_eye?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: ("open" | "closed" | "occluded")[];
            };
            /** @description name. Default threshold: `open`. */
            right_eye?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: ("open" | "closed" | "occluded")[];
            };
            /** @description pixels. Default threshold: at least 90. */
            eye_distance?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description share of the width. Default threshold: at least 0.45, at most 0.55. */
            head_horizontal_center?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description share of the height. Default threshold: at least 0.3, at most 0.5. */
            head_vertical_center?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description share of the width. Default threshold: at least 0.5, at most 0.75. */
            head_width?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description share of the height. Default threshold: at least 0.6, at most 0.9. */
            head_height?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description pixels. Default threshold: at least 180. */
            face_width?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description pixels. Default threshold: at least 180. */
            face_height?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description pixels. Default threshold: at least 20. */
            indent_left?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description pixels. Default threshold: at least 20. */
            indent_right?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description pixels. Default threshold: at least 20. */
            indent_upper?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description pixels. Default threshold: at least 20. */
            indent_lower?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: {
                    min?: number;
                    max?: number;
                };
            };
            /** @description 11044 unless `estimate` is 0: one portrait has no straight line that would prove it. */
            radial_distortion?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: unknown;
            };
            /** @description 11044 unless `estimate` is 0: no network of this appliance tells a covered mouth. */
            mouth_occluded?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: unknown;
            };
            /** @description 11044 unless `estimate` is 0: no network of this appliance tells whether a smile shows the teeth. */
            smile_properties?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: unknown;
            };
            /** @description 11044 unless `estimate` is 0: no network of this appliance tells glasses. */
            glasses?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: unknown;
            };
            /** @description 11044 unless `estimate` is 0: no network of this appliance tells raised, squinting and frowning brows. */
            eyebrows_state?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: unknown;
            };
            /** @description 11044 unless `estimate` is 0: no network of this appliance tells headwear. */
            headwear_type?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: unknown;
            };
            /** @description 11044 unless `estimate` is 0: no network of this appliance finds shoulders. */
            shoulders_position?: {
                /** @enum {integer} */
                estimate?: 0 | 1;
                threshold?: unknown;
            };
        };
        ExtractPolicy: {
            /** @enum {integer} */
            extract_face_descriptor?: 0 | 1;
            /** @enum {integer} */
            extract_body_descriptor?: 0 | 1;
            /** @enum {integer} */
            extract_basic_attributes?: 0 | 1;
            fd_score_threshold?: number;
        };
        MatchPolicy: {
            label: string;
            candidates: components["schemas"]["CandidateFilters"];
            targets?: string[] | string;
            threshold?: number;
            limit?: number;
            filters?: components["schemas"]["AttributeFilters"];
            /** @enum {string} */
            descriptor_type?: "face" | "body";
        };
        CandidateFilters: {
            /** @enum {string} */
            origin: "faces";
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            account_id?: string | null;
            face_ids?: string[] | string | null;
            external_ids?: string[] | string | null;
            user_data?: string | null;
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            event_id?: string | null;
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            list_id?: string | null;
            /** @example now-3h */
            create_time__gte?: string | null;
            /** @example now-3h */
            create_time__lt?: string | null;
        } | {
            /** @enum {string} */
            origin: "events";
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            account_id?: string;
            event_ids?: string[] | string;
            handler_ids?: string[] | string;
            face_ids?: string[] | string;
            sources?: string[] | string;
            external_ids?: string[] | string;
            track_ids?: string[] | string;
            /** @description The event has all of them. */
            tags?: string[] | string;
            user_data?: string;
            /** @example now-3h */
            create_time__gte?: string;
            /** @example now-3h */
            create_time__lt?: string;
            /** @example now-3h */
            end_time__gte?: string;
            /** @example now-3h */
            end_time__lt?: string;
            /** @enum {integer} */
            gender?: 0 | 1;
            age__gte?: number;
            age__lt?: number;
            emotions?: (1 | 2 | 3 | 4 | 5 | 6 | 7)[] | number;
            ethnic_groups?: (1 | 2 | 3 | 4)[] | number;
            masks?: (1 | 2 | 3)[] | number;
            liveness?: (0 | 1 | 2)[] | number;
            top_matching_candidates_label?: string;
            top_similar_object_ids?: string[] | string;
            top_similar_object_similarity__gte?: number;
            top_similar_object_similarity__lt?: number;
            cities?: string[] | string;
            areas?: string[] | string;
            districts?: string[] | string;
            streets?: string[] | string;
            house_numbers?: string[] | string;
            geo_position?: {
                origin_longitude: number;
                origin_latitude: number;
                longitude_delta?: number;
                latitude_delta?: number;
            };
            /** @enum {integer} */
            apparent_gender?: 0 | 1 | 2;
            apparent_age__gte?: number;
            apparent_age__lt?: number;
            headwear_states?: (number | string)[] | string | number;
            sleeve_lengths?: (number | string)[] | string | number;
            upper_clothing_colors?: (number | string)[] | string | number;
            backpack_states?: (number | string)[] | string | number;
            lower_garment_types?: (number | string)[] | string | number;
            lower_garment_colors?: (number | string)[] | string | number;
            shoes_apparent_colors?: (number | string)[] | string | number;
            headwear_apparent_color?: (number | string)[] | string | number;
        } | {
            /** @enum {string} */
            origin: "attributes";
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            account_id?: string | null;
            attribute_ids?: string[] | string | null;
        };
        AttributeFilters: {
            /** @enum {integer} */
            gender?: 0 | 1;
            age__gte?: number;
            age__lt?: number;
            emotions?: (1 | 2 | 3 | 4 | 5 | 6 | 7)[];
            ethnic_groups?: (1 | 2 | 3 | 4)[];
            masks?: (1 | 2 | 3)[];
            liveness?: (0 | 1 | 2)[];
        };
        Filters: {
            /** @enum {integer} */
            gender?: 0 | 1;
            age__gte?: number;
            age__lt?: number;
            emotions?: (1 | 2 | 3 | 4 | 5 | 6 | 7)[];
            ethnic_groups?: (1 | 2 | 3 | 4)[];
            masks?: (1 | 2 | 3)[];
            liveness?: (0 | 1 | 2)[];
            match?: {
                label: string;
                similarity__gte?: number;
                similarity__lte?: number;
            }[];
        };
        StoragePolicy: {
            face_sample_policy?: {
                /** @enum {integer} */
                store_sample?: 0 | 1;
                filters?: components["schemas"]["Filters"];
            };
            body_sample_policy?: {
                /** @enum {integer} */
                store_sample?: 0 | 1;
                filters?: components["schemas"]["Filters"];
            };
            image_origin_policy?: {
                /** @enum {integer} */
                store_image?: 0 | 1;
                /** @enum {integer} */
                use_external_references?: 0 | 1;
                filters?: components["schemas"]["Filters"];
            };
            attribute_policy?: {
                /** @enum {integer} */
                store_attribute?: 0 | 1;
                ttl?: number;
                filters?: components["schemas"]["Filters"];
            };
            face_policy?: {
                /** @enum {integer} */
                store_face?: 0 | 1;
                /** @enum {integer} */
                set_sample_as_avatar?: 0 | 1;
                link_to_lists_policy?: {
                    /**
                     * Format: uuid
                     * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
                     */
                    list_id: string;
                    filters?: components["schemas"]["Filters"];
                }[];
                filters?: components["schemas"]["Filters"];
            };
            event_policy?: {
                /** @enum {integer} */
                store_event?: 0 | 1;
                /**
                 * @description Taken and given back as LP5 does; the answer waits for the disk in both cases.
                 * @enum {integer}
                 */
                wait_saving?: 0 | 1;
                filters?: components["schemas"]["Filters"];
            };
            notification_policy?: {
                /** @enum {integer} */
                send_notification?: 0 | 1;
                filters?: components["schemas"]["Filters"];
            };
        };
        Handler: {
            /** Format: uuid */
            handler_id: string;
            /** Format: uuid */
            account_id: string;
            description: string;
            is_dynamic: boolean;
            handler_type: number;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            last_update_time: string;
            /** @description As they were sent, see `Policies`. */
            policies: {
                [key: string]: unknown;
            };
            url: string;
        };
        /** @description `warnings`: what is ignored, absent when nothing is. */
        HandlerValidatorAnswer: {
            warnings?: {
                path: string;
                message: string;
            }[];
        };
        /**
         * @example {
         *       "policies": {
         *         "detect_policy": {
         *           "multiface_policy": 1,
         *           "estimate_quality": 1
         *         },
         *         "extract_policy": {
         *           "extract_basic_attributes": 1
         *         },
         *         "match_policy": [
         *           {
         *             "label": "staff",
         *             "candidates": {
         *               "origin": "faces",
         *               "list_id": "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *             },
         *             "threshold": 0.8,
         *             "limit": 1
         *           }
         *         ],
         *         "conditional_tags_policy": [
         *           {
         *             "tag": "staff",
         *             "filters": {
         *               "match": [
         *                 {
         *                   "label": "staff",
         *                   "similarity__gte": 0.9
         *                 }
         *               ]
         *             }
         *           }
         *         ],
         *         "storage_policy": {
         *           "face_sample_policy": {
         *             "store_sample": 1
         *           },
         *           "event_policy": {
         *             "store_event": 1
         *           }
         *         }
         *       }
         *     }
         */
        HandlerValidatorBody: {
            policies: components["schemas"]["Policies"];
        };
        GeneratedEvents: {
            images: {
                filename: string;
                status: 0 | 1;
                error: components["schemas"]["Error"];
                exif: {
                    [key: string]: string | number | number[];
                } | null;
            }[];
            events: components["schemas"]["GeneratedEvent"][];
            filtered_detections: components["schemas"]["FilteredDetections"];
        };
        /** @description `url`, `sample_id`, `attribute_id` and `face` are null for what is not stored. */
        GeneratedEvent: {
            /** Format: uuid */
            event_id: string;
            url: string | null;
            external_id: string;
            user_data: string;
            source: string | null;
            tags: string[];
            track_id: string | null;
            /** @description Any JSON: what came with the pictures. */
            meta?: unknown;
            location: components["schemas"]["EventLocation"];
            face: {
                /** Format: uuid */
                face_id: string;
                url: string;
                external_id: string;
                user_data: string;
                avatar: string;
                lists: string[];
                /** Format: uuid */
                event_id: string;
            } | null;
            face_attributes: {
                /** Format: uuid */
                attribute_id: string | null;
                url: string | null;
                score: number | null;
                samples: string[];
                basic_attributes: components["schemas"]["BasicAttributes"] | null;
            } | null;
            body_attributes: null;
            matches: {
                label: string;
                candidates: components["schemas"]["MatchedCandidate"][];
            }[];
            detections: {
                filename: string;
                /**
                 * Format: date-time
                 * @example 2026-03-05T10:20:30.123Z
                 */
                detect_time: string;
                detect_ts: number | null;
                image_origin: string | null;
                samples: {
                    face: {
                        /** Format: uuid */
                        sample_id: string | null;
                        url: string | null;
                        detection: components["schemas"]["FaceDetection"];
                    };
                    body: null;
                };
            }[];
            aggregate_estimations: {
                face: {
                    attributes: {
                        mask: null;
                        emotions: components["schemas"]["Emotions"] | null;
                        liveness: components["schemas"]["Liveness"] | null;
                    };
                };
                body: {
                    attributes: {
                        basic_attributes: null;
                        upper_body: null;
                        accessories: null;
                    };
                };
            };
        };
        EventLocation: {
            city: string | null;
            area: string | null;
            district: string | null;
            street: string | null;
            house_number: string | null;
            geo_position: {
                longitude: number;
                latitude: number;
            } | null;
        };
        /** @description gender: 0 female, 1 male. No network of ours estimates ethnicity. */
        BasicAttributes: {
            age: number;
            gender: 0 | 1;
            ethnicities: null;
        };
        /** @description Members as the `targets` of the policy say. */
        MatchedCandidate: {
            face?: components["schemas"]["Face"];
            event?: components["schemas"]["EventCandidate"];
            attribute?: components["schemas"]["AttributeRecord"];
            /** @description 0..1, rounded to 6 digits. */
            similarity: number;
        };
        /** @description An event as a candidate. match_result and meta only when `targets` names them. */
        EventCandidate: {
            /** Format: uuid */
            event_id?: string;
            /** Format: uuid */
            account_id?: string;
            /** Format: uuid */
            handler_id?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            end_time?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            insert_time?: string;
            external_id?: string;
            user_data?: string;
            source?: string | null;
            track_id?: string | null;
            stream_id?: string | null;
            tags?: string[];
            /** @description Any JSON: what came with the pictures. */
            meta?: unknown;
            location?: {
                city: string | null;
                area: string | null;
                district: string | null;
                street: string | null;
                house_number: string | null;
                geo_position: {
                    longitude: number;
                    latitude: number;
                } | null;
            };
            /** Format: uuid */
            face_id?: string | null;
            /** @description Lists the face was attached to. */
            attach_result?: string[];
            gender?: number | null;
            age?: number | null;
            emotion?: number | null;
            ethnic_group?: number | null;
            mask?: number | null;
            liveness?: number | null;
            deepfake?: null;
            top_match?: {
                label: string;
                similarity: number;
                /** Format: uuid */
                face_id: string | null;
                /** Format: uuid */
                object_id: string;
                /** @enum {string} */
                object_type: "face" | "event" | "attribute";
            } | null;
            match_result?: {
                label: string;
                candidates: {
                    face?: {
                        /** Format: uuid */
                        face_id?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    event?: {
                        /** Format: uuid */
                        event_id?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    attribute?: {
                        /** Format: uuid */
                        attribute_id?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    similarity: number;
                }[];
            }[];
            face_detections?: {
                /** Format: uuid */
                sample_id: string | null;
                image_origin: string | null;
                /**
                 * Format: date-time
                 * @example 2026-03-05T10:20:30.123Z
                 */
                detect_time: string;
                detect_ts: number | null;
                /** @description Null when a raw event told none. */
                detection: {
                    rect: {
                        x: number;
                        y: number;
                        width: number;
                        height: number;
                    };
                } | null;
            }[];
            body_detections?: unknown[];
            body_basic_attributes?: {
                apparent_age: null;
                apparent_gender: null;
            };
            basic_attributes?: {
                apparent_age: null;
                apparent_gender: null;
            };
            upper_body?: null;
            lower_body?: null;
            accessories?: null;
        };
        /** @description A temporary attribute as a candidate. With `targets`, only the members asked for. */
        AttributeRecord: {
            /** Format: uuid */
            attribute_id?: string;
            /** Format: uuid */
            account_id?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time?: string;
            basic_attributes?: {
                age: number | null;
                gender: number | null;
                ethnicities: {
                    /** @enum {string} */
                    predominant_ethnicity: "african_american" | "indian" | "asian" | "caucasian";
                } | null;
            } | null;
            basic_attributes_samples?: string[];
            face_descriptor_samples?: string[];
        };
        FaceDetection: {
            rect: components["schemas"]["Rect"];
            landmarks5: [
                number,
                number
            ][] | null;
            landmarks68: [
                number,
                number
            ][] | null;
            quality: components["schemas"]["Quality"] | null;
            face_quality: components["schemas"]["FaceQuality"] | null;
            attributes: components["schemas"]["FaceDetectionAttributes"];
        };
        /** @description Pixels of the picture after its EXIF turn. May exceed the borders. */
        Rect: {
            x: number;
            y: number;
            width: number;
            height: number;
        };
        /** @description Each 0..1, 1 is good. */
        Quality: {
            light: number;
            dark: number;
            blurriness: number;
            illumination: number;
            specularity: number;
        };
        /** @description `status` is 1 when every check that ran passed. A value that could not be measured is null and does not pass. */
        FaceQuality: {
            status: 0 | 1;
            checks: {
                name: string;
                object_value: number | string | null;
                threshold_value: {
                    min?: number;
                    max?: number;
                } | (string | number)[];
                result: 0 | 1;
            }[];
        };
        FaceDetectionAttributes: {
            head_pose: {
                yaw: number;
                pitch: number;
                roll: number;
            } | null;
            gaze: {
                yaw: number;
                pitch: number;
            } | null;
            eyes_attributes: {
                left_eye: {
                    /** @enum {string} */
                    state: "open" | "closed" | "occluded";
                    iris_landmarks: [
                        number,
                        number
                    ][];
                    eyelid_landmarks: [
                        number,
                        number
                    ][];
                };
                right_eye: {
                    /** @enum {string} */
                    state: "open" | "closed" | "occluded";
                    iris_landmarks: [
                        number,
                        number
                    ][];
                    eyelid_landmarks: [
                        number,
                        number
                    ][];
                };
            } | null;
            mouth_attributes: {
                score: number;
                opened: number;
                smile: number;
                occluded: number | null;
            } | null;
            emotions: components["schemas"]["Emotions"] | null;
            mask: null;
            glasses: null;
            liveness: components["schemas"]["Liveness"] | null;
            deepfake: null;
            face_occlusion: null;
        };
        Emotions: {
            /** @enum {string} */
            predominant_emotion: "anger" | "disgust" | "fear" | "happiness" | "neutral" | "sadness" | "surprise";
            estimations: {
                anger: number;
                disgust: number;
                fear: number;
                happiness: number;
                neutral: number;
                sadness: number;
                surprise: number;
            };
        };
        /** @description `unknown` with nulls when no liveness network is installed. */
        Liveness: {
            /** @enum {string} */
            prediction: "real" | "spoof" | "unknown";
            estimations: {
                probability: number | null;
                quality: number | null;
            };
        };
        FilteredDetections: {
            face_detections: {
                filename: string;
                detection: {
                    sample: {
                        detection: components["schemas"]["FaceDetection"];
                    };
                };
                filter_reasons: {
                    filter_name: string;
                    object_value: number | string | null;
                    threshold_value: number | number[];
                }[];
            }[];
            body_detections: unknown[];
        };
        RawEventsCreated: {
            events: {
                /** Format: uuid */
                event_id: string;
                url: string;
            }[];
        };
        /**
         * @example [
         *       {
         *         "external_id": "badge-17",
         *         "source": "lift",
         *         "tags": [
         *           "imported"
         *         ],
         *         "face_attributes": {
         *           "basic_attributes": {
         *             "age": 34,
         *             "gender": 1
         *           }
         *         }
         *       }
         *     ]
         */
        RawEvents: components["schemas"]["RawEvent"][];
        RawEvent: {
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            event_id?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time?: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            end_time?: string;
            /** @default  */
            external_id?: string;
            /** @default  */
            user_data?: string;
            source?: string | null;
            track_id?: string | null;
            stream_id?: string | null;
            /** @default [] */
            tags?: string[];
            location?: {
                city?: string | null;
                area?: string | null;
                district?: string | null;
                street?: string | null;
                house_number?: string | null;
                geo_position?: {
                    longitude: number;
                    latitude: number;
                } | null;
            } | null;
            /** @description Anything, at most 65536 bytes as JSON. */
            meta?: unknown;
            /** @description A face that exists, and the lists it was linked to. */
            face?: {
                /**
                 * Format: uuid
                 * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
                 */
                face_id: string;
                /** @default [] */
                lists?: string[];
            } | null;
            face_attributes?: {
                score?: number | null;
                basic_attributes?: {
                    age?: number | null;
                    /** @enum {integer} */
                    gender?: 0 | 1;
                    ethnicities?: {
                        /** @enum {integer} */
                        predominant_ethnicity: 1 | 2 | 3 | 4;
                        estimations?: {
                            [key: string]: number;
                        } | null;
                    } | null;
                } | null;
                /** @default [] */
                descriptors?: components["schemas"]["RawDescriptor"][];
            } | null;
            body_attributes?: null;
            /** @default [] */
            matches?: {
                label: string;
                candidates: {
                    face?: {
                        /**
                         * Format: uuid
                         * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
                         */
                        face_id?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    event?: {
                        /**
                         * Format: uuid
                         * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
                         */
                        event_id?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    attribute?: {
                        /**
                         * Format: uuid
                         * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
                         */
                        attribute_id?: string;
                    } & {
                        [key: string]: unknown;
                    };
                    similarity: number;
                }[];
            }[];
            /** @default [] */
            detections?: {
                filename?: string;
                /**
                 * Format: date-time
                 * @example 2026-03-05T10:20:30.123Z
                 */
                detect_time?: string;
                detect_ts?: number | null;
                image_origin?: string | null;
                samples: {
                    face?: {
                        /**
                         * Format: uuid
                         * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
                         */
                        sample_id?: string | null;
                        detection?: ({
                            rect: {
                                x: number;
                                y: number;
                                width: number;
                                height: number;
                            };
                        } & {
                            [key: string]: unknown;
                        }) | null;
                    } | null;
                    body?: null;
                };
            }[];
            aggregate_estimations?: {
                face?: {
                    /** @default {} */
                    attributes?: {
                        emotions?: {
                            /** @enum {integer} */
                            predominant_emotion?: 1 | 2 | 3 | 4 | 5 | 6 | 7;
                            estimations?: {
                                anger?: number;
                                disgust?: number;
                                fear?: number;
                                happiness?: number;
                                neutral?: number;
                                sadness?: number;
                                surprise?: number;
                            };
                        } | null;
                        mask?: {
                            /** @enum {integer} */
                            predominant_mask: 1 | 2 | 3;
                            estimations?: {
                                [key: string]: number;
                            } | null;
                        } | null;
                        liveness?: {
                            /** @enum {integer} */
                            prediction: 0 | 1 | 2;
                            estimations?: {
                                probability?: number | null;
                                quality?: number | null;
                            };
                        } | null;
                    };
                };
                body?: unknown;
            };
        };
        VerifierCreated: {
            /** Format: uuid */
            verifier_id: string;
            url: string;
        };
        /**
         * @example {
         *       "description": "reception desk",
         *       "policies": {
         *         "verification_threshold": 0.9
         *       }
         *     }
         */
        VerifierBody: {
            /** @default  */
            description?: string;
            policies?: components["schemas"]["VerifierPolicies"] | null;
        };
        VerifierPolicies: {
            verification_threshold?: number;
            detect_policy?: {
                multiface_policy?: number;
                /** @enum {integer} */
                detect_face?: 0 | 1;
                /** @enum {integer} */
                estimate_head_pose?: 0 | 1;
                /** @enum {integer} */
                estimate_emotions?: 0 | 1;
                /** @enum {integer} */
                estimate_mask?: 0 | 1;
                /** @enum {integer} */
                estimate_quality?: 0 | 1;
                /** @enum {integer} */
                estimate_gaze?: 0 | 1;
                /** @enum {integer} */
                estimate_eyes_attributes?: 0 | 1;
                /** @enum {integer} */
                estimate_mouth_attributes?: 0 | 1;
                /** @enum {integer} */
                estimate_glasses?: 0 | 1;
                /** @enum {integer} */
                detect_landmarks68?: 0 | 1;
                /** @enum {integer} */
                extract_exif?: 0 | 1;
                estimate_liveness?: {
                    /** @enum {integer} */
                    estimate?: 0 | 1;
                    liveness_threshold?: number;
                    quality_threshold?: number;
                };
                liveness_states?: (0 | 1 | 2)[];
                mask_states?: (1 | 2 | 3)[];
                pitch_threshold?: number;
                yaw_threshold?: number;
                roll_threshold?: number;
                /** @description Without `checks`, or with none in it, all checks run with their default thresholds; else those that it names. */
                face_quality?: {
                    /** @enum {integer} */
                    estimate?: 0 | 1;
                    /** @enum {integer} */
                    filter?: 0 | 1;
                    checks?: components["schemas"]["FaceQualityChecks"];
                };
            };
            extract_policy?: {
                /** @enum {integer} */
                extract_basic_attributes?: 0 | 1;
                fd_score_threshold?: number;
            };
            storage_policy?: {
                face_sample_policy?: {
                    /** @enum {integer} */
                    store_sample?: 0 | 1;
                };
                attribute_policy?: {
                    /** @enum {integer} */
                    store_attribute?: 0 | 1;
                    ttl?: number;
                };
                image_origin_policy?: {
                    /** @enum {integer} */
                    store_image?: 0 | 1;
                    /** @enum {integer} */
                    use_external_references?: 0 | 1;
                };
            };
        };
        Verifier: {
            /** Format: uuid */
            verifier_id: string;
            /** Format: uuid */
            account_id: string;
            description: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time: string;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            last_update_time: string;
            /** @description As they were sent, see `VerifierPolicies`. */
            policies: {
                [key: string]: unknown;
            };
            url: string;
        };
        Verifications: {
            images: {
                filename: string;
                status: 0 | 1;
                error: components["schemas"]["Error"];
                exif: {
                    [key: string]: string | number | number[];
                } | null;
                detections: {
                    face_detections: {
                        sample: {
                            /** Format: uuid */
                            sample_id: string | null;
                            url: string | null;
                            detection: components["schemas"]["FaceDetection"];
                        };
                        image_origin: string | null;
                        face_attributes: {
                            /** Format: uuid */
                            attribute_id: string | null;
                            url: string | null;
                            score: number | null;
                            samples: string[];
                            basic_attributes: components["schemas"]["BasicAttributes"] | null;
                        };
                        verifications: components["schemas"]["Verification"][];
                    }[];
                };
            }[];
            filtered_detections: components["schemas"]["FilteredDetections"];
        };
        Verification: {
            status: boolean;
            face?: components["schemas"]["Face"];
            event?: components["schemas"]["EventCandidate"];
            attribute?: components["schemas"]["AttributeRecord"];
            /** @description 0..1, rounded to 6 digits. */
            similarity: number;
        };
        RawVerifications: {
            matches: {
                reference: {
                    id: string;
                    type: string;
                };
                matches: {
                    candidate: {
                        id: string;
                        type: string;
                    };
                    similarity: number;
                    status: boolean;
                }[];
            }[];
        };
        /**
         * @example {
         *       "references": [
         *         {
         *           "type": "sdk_descriptor",
         *           "id": "visitor",
         *           "data": "ZHAAACFOAAAAAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPg=="
         *         }
         *       ],
         *       "candidates": [
         *         {
         *           "type": "sdk_descriptor",
         *           "id": "visitor",
         *           "data": "ZHAAACFOAAAAAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPg=="
         *         }
         *       ]
         *     }
         */
        RawVerificationBody: {
            references: components["schemas"]["RawDescriptor"][];
            candidates: components["schemas"]["RawDescriptor"][];
        };
        DetectorAnswer: {
            images: {
                filename: string;
                status: 0 | 1;
                error: components["schemas"]["Error"];
                exif: {
                    [key: string]: string | number | number[];
                } | null;
                detections: {
                    samples: {
                        face: {
                            /** Format: uuid */
                            sample_id: string;
                            url: string;
                            detection: components["schemas"]["FaceDetection"];
                        };
                        body: null;
                    }[];
                    filtered_detections: components["schemas"]["FilteredDetections"];
                };
            }[];
        };
        SdkAnswer: {
            images_estimations: {
                filename: string;
                status: 0 | 1;
                error: components["schemas"]["Error"];
                estimations: {
                    face: {
                        detection: {
                            rect: components["schemas"]["Rect"];
                            landmarks5: [
                                number,
                                number
                            ][] | null;
                            landmarks68: [
                                number,
                                number
                            ][] | null;
                            quality: components["schemas"]["Quality"] | null;
                            face_quality: components["schemas"]["FaceQuality"] | null;
                            attributes: components["schemas"]["SdkFaceAttributes"];
                            /** Format: byte */
                            warp: string | null;
                        };
                        attributes: components["schemas"]["SdkFaceAttributes"];
                    };
                    body: null;
                }[];
                image_estimations: {
                    exif: {
                        [key: string]: string | number | number[];
                    } | null;
                    people: null;
                    image_modification: null;
                };
                filtered_detections: components["schemas"]["FilteredDetections"];
            }[];
            aggregate_estimations: {
                face: {
                    attributes: {
                        descriptor: components["schemas"]["SdkDescriptor"] | null;
                        basic_attributes: components["schemas"]["BasicAttributes"] | null;
                        emotions: components["schemas"]["Emotions"] | null;
                        liveness: components["schemas"]["Liveness"] | null;
                        mask: null;
                    };
                };
                body: {
                    attributes: Record<string, never>;
                };
            };
        };
        SdkFaceAttributes: {
            head_pose: {
                yaw: number;
                pitch: number;
                roll: number;
            } | null;
            gaze: {
                yaw: number;
                pitch: number;
            } | null;
            eyes_attributes: {
                left_eye: {
                    /** @enum {string} */
                    state: "open" | "closed" | "occluded";
                    iris_landmarks: [
                        number,
                        number
                    ][];
                    eyelid_landmarks: [
                        number,
                        number
                    ][];
                };
                right_eye: {
                    /** @enum {string} */
                    state: "open" | "closed" | "occluded";
                    iris_landmarks: [
                        number,
                        number
                    ][];
                    eyelid_landmarks: [
                        number,
                        number
                    ][];
                };
            } | null;
            mouth_attributes: {
                score: number;
                opened: number;
                smile: number;
                occluded: number | null;
            } | null;
            emotions: components["schemas"]["Emotions"] | null;
            mask: null;
            glasses: null;
            liveness: components["schemas"]["Liveness"] | null;
            deepfake: null;
            face_occlusion: null;
            descriptor: components["schemas"]["SdkDescriptor"] | null;
            basic_attributes: components["schemas"]["BasicAttributes"] | null;
        };
        /** @description base64 of the SDK container; bytes in msgpack. */
        SdkDescriptor: {
            /** Format: byte */
            sdk_descriptor: string;
            score: number;
        };
        IsoAnswer: {
            images: {
                filename: string;
                status: 0 | 1;
                error: components["schemas"]["Error"];
                estimations: {
                    face: {
                        detection: {
                            rect: components["schemas"]["Rect"];
                            iso: components["schemas"]["FaceQuality"];
                        };
                    };
                }[];
            }[];
        };
        ExtractedAttribute: {
            /** Format: uuid */
            attribute_id: string;
            url: string;
            external_url: string;
            score: number | null;
            samples: string[];
            basic_attributes: components["schemas"]["BasicAttributes"] | null;
        };
        LivenessAnswer: {
            images: {
                filename: string;
                status: 0 | 1;
                error: components["schemas"]["Error"];
                liveness: components["schemas"]["NumberedLiveness"] | null;
            }[];
            aggregate_estimations: {
                liveness: components["schemas"]["NumberedLiveness"];
            } | null;
        };
        /** @description 0 spoof, 1 real, 2 unknown. 2 with null numbers: no liveness network is installed, or the picture shows too little around the face, a too small face, or one that is turned too far. 2 with a probability: undecided. */
        NumberedLiveness: {
            prediction: 0 | 1 | 2;
            estimations: {
                probability: number | null;
                quality: number | null;
            };
        };
        Matches: {
            reference: {
                type: string;
                id: string;
            };
            matches: {
                filters: components["schemas"]["CandidateFilters"];
                limit: number;
                threshold: number;
                result: components["schemas"]["Candidate"][];
            }[];
        }[];
        Candidate: {
            face?: components["schemas"]["Face"];
            event?: components["schemas"]["EventCandidate"];
            attribute?: components["schemas"]["AttributeRecord"];
            /** @description 0..1, rounded to 6 digits. */
            similarity: number;
        };
        /**
         * @example {
         *       "references": [
         *         {
         *           "type": "face",
         *           "id": "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *         },
         *         {
         *           "type": "sdk_descriptor",
         *           "id": "visitor",
         *           "data": "ZHAAACFOAAAAAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPgAAAD4AAAA+AAAAPg=="
         *         }
         *       ],
         *       "candidates": [
         *         {
         *           "filters": {
         *             "origin": "events",
         *             "create_time__gte": "now-1d"
         *           },
         *           "threshold": 0.9,
         *           "limit": 5,
         *           "targets": [
         *             "event_id",
         *             "create_time",
         *             "source"
         *           ]
         *         }
         *       ]
         *     }
         */
        MatchBody: {
            /** @description At most 100, else 31007. */
            references: components["schemas"]["Reference"][];
            /** @description References by the limits of all sets: at most 30000, else 12022. */
            candidates: components["schemas"]["CandidateSet"][];
        };
        Reference: {
            /** @enum {string} */
            type: "face" | "event" | "attribute";
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            id: string;
        } | {
            /** @enum {string} */
            type: "face_external_id" | "event_external_id" | "event_track_id";
            id: string;
        } | components["schemas"]["RawDescriptor"];
        CandidateSet: {
            filters: components["schemas"]["CandidateFilters"];
            /** @default 3 */
            limit?: number | null;
            /** @default 0 */
            threshold?: number | null;
            targets?: string[] | string | null;
            /** @enum {string} */
            order?: "similarity";
        };
        RawMatches: {
            matches: {
                reference: {
                    id: string;
                    type: string;
                };
                matches: {
                    candidate: {
                        id: string;
                        type: string;
                    };
                    /** @description 0..1, rounded to 6 digits; just below 1 for the same descriptor. */
                    similarity: number;
                }[];
            }[];
        };
        RejectionCreated: {
            /** Format: uuid */
            rejection_id: string;
            url: string;
        };
        /**
         * @example {
         *       "face_id": "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d",
         *       "event_id": "0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d"
         *     }
         */
        RejectionCreate: {
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            face_id: string;
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            event_id?: string;
            /**
             * Format: uuid
             * @example 0195d8a2-6f0a-7c3e-9b1d-3f5a7c9e1b2d
             */
            other_face_id?: string;
        };
        Rejections: {
            rejections: components["schemas"]["Rejection"][];
        };
        Rejection: {
            /** Format: uuid */
            rejection_id: string;
            /** Format: uuid */
            account_id: string;
            /** Format: uuid */
            face_id: string;
            /** Format: uuid */
            event_id: string | null;
            /** Format: uuid */
            other_face_id: string | null;
            /**
             * Format: date-time
             * @example 2026-03-05T10:20:30.123Z
             */
            create_time: string;
        };
        ModelPacks: {
            models: components["schemas"]["ModelPack"][];
        };
        ModelPack: {
            /** @description Name and version */
            id: string;
            /** @enum {string|null} */
            kind: "liveness" | "detector" | "descriptor" | "attributes" | null;
            title: string | null;
            /** @enum {string|null} */
            recipe: "silent-face" | "yunet" | "arcface-112" | "age-gender" | null;
            origin: string | null;
            licence: string | null;
            /** @description Of a descriptor pack */
            descriptor_version: number | null;
            size_bytes: number | null;
            /** @description Name of the trusted key; null for an unsigned pack */
            signed_by: string | null;
            /** @description Chosen for its kind */
            active: boolean;
            /** @description The networks that answer now are its */
            in_use: boolean;
            /** @description Why it cannot be used */
            problem: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The id of the request: its own when it brought a good one, otherwise one made here. */
        RequestId: string;
        /** @description Seconds to wait before trying again. */
        RetryAfter: string;
        /** @description How to say who asks. */
        Authenticate: string;
    };
    pathItems: never;
};
export type PicturesBody = components['schemas']['PicturesBody'];
export type BoundingBox = components['schemas']['BoundingBox'];
export type RawMatchBody = components['schemas']['RawMatchBody'];
export type RawDescriptor = components['schemas']['RawDescriptor'];
export type Error = components['schemas']['Error'];
export type Version = components['schemas']['Version'];
export type SysInfo = components['schemas']['SysInfo'];
export type AccountCreated = components['schemas']['AccountCreated'];
export type AccountCreate = components['schemas']['AccountCreate'];
export type Accounts = components['schemas']['Accounts'];
export type Account = components['schemas']['Account'];
export type AccountPatch = components['schemas']['AccountPatch'];
export type LoggedIn = components['schemas']['LoggedIn'];
export type TokenCreated = components['schemas']['TokenCreated'];
export type TokenBody = components['schemas']['TokenBody'];
export type TokenPermissions = components['schemas']['TokenPermissions'];
export type Tokens = components['schemas']['Tokens'];
export type Token = components['schemas']['Token'];
export type TokenPermissionsOut = components['schemas']['TokenPermissionsOut'];
export type FaceAttributeView = components['schemas']['FaceAttributeView'];
export type FaceAttribute = components['schemas']['FaceAttribute'];
export type AttributeSamples = components['schemas']['AttributeSamples'];
export type FaceCreated = components['schemas']['FaceCreated'];
export type FaceCreate = components['schemas']['FaceCreate'];
export type Faces = components['schemas']['Faces'];
export type Face = components['schemas']['Face'];
export type FaceIds = components['schemas']['FaceIds'];
export type FacePatch = components['schemas']['FacePatch'];
export type ListCreated = components['schemas']['ListCreated'];
export type ListCreate = components['schemas']['ListCreate'];
export type Lists = components['schemas']['Lists'];
export type List = components['schemas']['List'];
export type ListIds = components['schemas']['ListIds'];
export type ListPatch = components['schemas']['ListPatch'];
export type ListFaces = components['schemas']['ListFaces'];
export type Linker = components['schemas']['Linker'];
export type AttributeCreated = components['schemas']['AttributeCreated'];
export type AttributeCreate = components['schemas']['AttributeCreate'];
export type AttributeView = components['schemas']['AttributeView'];
export type SampleCreated = components['schemas']['SampleCreated'];
export type ImageCreated = components['schemas']['ImageCreated'];
export type ObjectCreated = components['schemas']['ObjectCreated'];
export type EventStatistics = components['schemas']['EventStatistics'];
export type EventStatisticsQuery = components['schemas']['EventStatisticsQuery'];
export type Events = components['schemas']['Events'];
export type EventRecord = components['schemas']['EventRecord'];
export type HandlerCreated = components['schemas']['HandlerCreated'];
export type HandlerBody = components['schemas']['HandlerBody'];
export type Policies = components['schemas']['Policies'];
export type DetectPolicy = components['schemas']['DetectPolicy'];
export type FaceQualityChecks = components['schemas']['FaceQualityChecks'];
export type ExtractPolicy = components['schemas']['ExtractPolicy'];
export type MatchPolicy = components['schemas']['MatchPolicy'];
export type CandidateFilters = components['schemas']['CandidateFilters'];
export type AttributeFilters = components['schemas']['AttributeFilters'];
export type Filters = components['schemas']['Filters'];
export type StoragePolicy = components['schemas']['StoragePolicy'];
export type Handler = components['schemas']['Handler'];
export type HandlerValidatorAnswer = components['schemas']['HandlerValidatorAnswer'];
export type HandlerValidatorBody = components['schemas']['HandlerValidatorBody'];
export type GeneratedEvents = components['schemas']['GeneratedEvents'];
export type GeneratedEvent = components['schemas']['GeneratedEvent'];
export type EventLocation = components['schemas']['EventLocation'];
export type BasicAttributes = components['schemas']['BasicAttributes'];
export type MatchedCandidate = components['schemas']['MatchedCandidate'];
export type EventCandidate = components['schemas']['EventCandidate'];
export type AttributeRecord = components['schemas']['AttributeRecord'];
export type FaceDetection = components['schemas']['FaceDetection'];
export type Rect = components['schemas']['Rect'];
export type Quality = components['schemas']['Quality'];
export type FaceQuality = components['schemas']['FaceQuality'];
export type FaceDetectionAttributes = components['schemas']['FaceDetectionAttributes'];
export type Emotions = components['schemas']['Emotions'];
export type Liveness = components['schemas']['Liveness'];
export type FilteredDetections = components['schemas']['FilteredDetections'];
export type RawEventsCreated = components['schemas']['RawEventsCreated'];
export type RawEvents = components['schemas']['RawEvents'];
export type RawEvent = components['schemas']['RawEvent'];
export type VerifierCreated = components['schemas']['VerifierCreated'];
export type VerifierBody = components['schemas']['VerifierBody'];
export type VerifierPolicies = components['schemas']['VerifierPolicies'];
export type Verifier = components['schemas']['Verifier'];
export type Verifications = components['schemas']['Verifications'];
export type Verification = components['schemas']['Verification'];
export type RawVerifications = components['schemas']['RawVerifications'];
export type RawVerificationBody = components['schemas']['RawVerificationBody'];
export type DetectorAnswer = components['schemas']['DetectorAnswer'];
export type SdkAnswer = components['schemas']['SdkAnswer'];
export type SdkFaceAttributes = components['schemas']['SdkFaceAttributes'];
export type SdkDescriptor = components['schemas']['SdkDescriptor'];
export type IsoAnswer = components['schemas']['IsoAnswer'];
export type ExtractedAttribute = components['schemas']['ExtractedAttribute'];
export type LivenessAnswer = components['schemas']['LivenessAnswer'];
export type NumberedLiveness = components['schemas']['NumberedLiveness'];
export type Matches = components['schemas']['Matches'];
export type Candidate = components['schemas']['Candidate'];
export type MatchBody = components['schemas']['MatchBody'];
export type Reference = components['schemas']['Reference'];
export type CandidateSet = components['schemas']['CandidateSet'];
export type RawMatches = components['schemas']['RawMatches'];
export type RejectionCreated = components['schemas']['RejectionCreated'];
export type RejectionCreate = components['schemas']['RejectionCreate'];
export type Rejections = components['schemas']['Rejections'];
export type Rejection = components['schemas']['Rejection'];
export type ModelPacks = components['schemas']['ModelPacks'];
export type ModelPack = components['schemas']['ModelPack'];
export type HeaderRequestId = components['headers']['RequestId'];
export type HeaderRetryAfter = components['headers']['RetryAfter'];
export type HeaderAuthenticate = components['headers']['Authenticate'];
export type $defs = Record<string, never>;
export interface operations {
    get_healthcheck: {
        parameters: {
            query?: {
                include_luna_services?: 0 | 1;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Healthy. `execution_time` is in seconds. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        execution_time: number;
                    };
                };
            };
        };
    };
    head_healthcheck: {
        parameters: {
            query?: {
                include_luna_services?: 0 | 1;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Healthy. `execution_time` is in seconds. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_configs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Settings by name, without the prefix `PERIGEE_`; defaults included */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                    "text/plain": string;
                };
            };
        };
    };
    head_configs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Settings by name, without the prefix `PERIGEE_`; defaults included */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_config: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Settings by name, without the prefix `PERIGEE_`; defaults included */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                    "text/plain": string;
                };
            };
        };
    };
    head_config: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Settings by name, without the prefix `PERIGEE_`; defaults included */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Versions */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: components["schemas"]["Version"];
                    };
                };
            };
        };
    };
    head_version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Versions */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_luna_sys_info: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description System */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SysInfo"];
                };
            };
        };
    };
    head_luna_sys_info: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description System */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_accounts: {
        parameters: {
            query?: {
                login?: string;
                account_type?: "user" | "advanced_user" | "admin";
                /** @description Members of the answer: account_id, login, account_type, description, create_time, last_update_time. Default: all. */
                targets?: string[];
                page?: number;
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accounts */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accounts"];
                };
            };
        };
    };
    post_accounts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountCreated"];
                };
            };
        };
    };
    head_accounts: {
        parameters: {
            query?: {
                login?: string;
                account_type?: "user" | "advanced_user" | "admin";
                /** @description Members of the answer: account_id, login, account_type, description, create_time, last_update_time. Default: all. */
                targets?: string[];
                page?: number;
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accounts */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_account: {
        parameters: {
            query?: {
                /** @description Members of the answer: account_id, login, account_type, description, create_time, last_update_time. Default: all. */
                targets?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
        };
    };
    delete_account: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_account: {
        parameters: {
            query?: {
                /** @description Members of the answer: account_id, login, account_type, description, create_time, last_update_time. Default: all. */
                targets?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patch_account: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountPatch"];
            };
        };
        responses: {
            /** @description Changed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    post_login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged in */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoggedIn"];
                };
            };
        };
    };
    get_tokens: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tokens */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tokens"];
                };
            };
        };
    };
    post_tokens: {
        parameters: {
            query?: {
                /** @description Every permission there is; `permissions` is then ignored. */
                grant_all_permissions?: 0 | 1;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenCreated"];
                };
            };
        };
    };
    head_tokens: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Tokens */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_tokens_by_token_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
        };
    };
    put_tokens_by_token_id: {
        parameters: {
            query?: {
                /** @description Every permission there is; `permissions` is then ignored. */
                grant_all_permissions?: 0 | 1;
            };
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenBody"];
            };
        };
        responses: {
            /** @description Replaced */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    delete_tokens_by_token_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_tokens_by_token_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_faces_by_face_id_attributes: {
        parameters: {
            query?: {
                /** @description Any of face_descriptor, basic_attributes, face_descriptor_samples, basic_attributes_samples, create_time. */
                targets?: string[];
                descriptor_version?: number | null;
            };
            header?: never;
            path: {
                face_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The attributes */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceAttributeView"];
                    "application/msgpack": string;
                };
            };
        };
    };
    put_faces_by_face_id_attributes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                face_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FaceAttribute"];
            };
        };
        responses: {
            /** @description Replaced */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    delete_faces_by_face_id_attributes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                face_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_faces_by_face_id_attributes: {
        parameters: {
            query?: {
                /** @description Any of face_descriptor, basic_attributes, face_descriptor_samples, basic_attributes_samples, create_time. */
                targets?: string[];
                descriptor_version?: number | null;
            };
            header?: never;
            path: {
                face_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The attributes */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_faces_by_face_id_attributes_samples: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                face_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ids */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttributeSamples"];
                };
            };
        };
    };
    head_faces_by_face_id_attributes_samples: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                face_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ids */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_faces: {
        parameters: {
            query?: {
                account_id?: string;
                face_ids?: string[];
                user_data?: string;
                user_data__like?: string;
                external_id?: string[];
                external_ids?: string[];
                event_id?: string;
                list_id?: string;
                create_time__gte?: string;
                create_time__lt?: string;
                face_id__gte?: string;
                face_id__lt?: string;
                /** @description Any of face_id, account_id, event_id, user_data, create_time, external_id, avatar, lists. */
                targets?: string[];
                page?: number;
                page_size?: number;
                /** @description By create_time, newest first by default. When an id is given to page from: by id, ascending unless only the upper one (`__lt`) is given. */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Faces */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Faces"];
                };
            };
        };
    };
    post_faces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FaceCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceCreated"];
                };
            };
        };
    };
    delete_faces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FaceIds"];
            };
        };
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_faces: {
        parameters: {
            query?: {
                account_id?: string;
                face_ids?: string[];
                user_data?: string;
                user_data__like?: string;
                external_id?: string[];
                external_ids?: string[];
                event_id?: string;
                list_id?: string;
                create_time__gte?: string;
                create_time__lt?: string;
                face_id__gte?: string;
                face_id__lt?: string;
                /** @description Any of face_id, account_id, event_id, user_data, create_time, external_id, avatar, lists. */
                targets?: string[];
                page?: number;
                page_size?: number;
                /** @description By create_time, newest first by default. When an id is given to page from: by id, ascending unless only the upper one (`__lt`) is given. */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Faces */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_faces_count: {
        parameters: {
            query?: {
                account_id?: string;
                face_ids?: string[];
                user_data?: string;
                user_data__like?: string;
                external_id?: string[];
                external_ids?: string[];
                event_id?: string;
                list_id?: string;
                create_time__gte?: string;
                create_time__lt?: string;
                face_id__gte?: string;
                face_id__lt?: string;
                /** @description Any of face_id, account_id, event_id, user_data, create_time, external_id, avatar, lists. */
                targets?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        faces_count: number;
                    };
                };
            };
        };
    };
    head_faces_count: {
        parameters: {
            query?: {
                account_id?: string;
                face_ids?: string[];
                user_data?: string;
                user_data__like?: string;
                external_id?: string[];
                external_ids?: string[];
                event_id?: string;
                list_id?: string;
                create_time__gte?: string;
                create_time__lt?: string;
                face_id__gte?: string;
                face_id__lt?: string;
                /** @description Any of face_id, account_id, event_id, user_data, create_time, external_id, avatar, lists. */
                targets?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_faces_attributes_count: {
        parameters: {
            query?: {
                account_id?: string;
                face_ids?: string[];
                user_data?: string;
                user_data__like?: string;
                external_id?: string[];
                external_ids?: string[];
                event_id?: string;
                list_id?: string;
                create_time__gte?: string;
                create_time__lt?: string;
                face_id__gte?: string;
                face_id__lt?: string;
                /** @description Any of face_id, account_id, event_id, user_data, create_time, external_id, avatar, lists. */
                targets?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        faces_attributes_count: number;
                    };
                };
            };
        };
    };
    head_faces_attributes_count: {
        parameters: {
            query?: {
                account_id?: string;
                face_ids?: string[];
                user_data?: string;
                user_data__like?: string;
                external_id?: string[];
                external_ids?: string[];
                event_id?: string;
                list_id?: string;
                create_time__gte?: string;
                create_time__lt?: string;
                face_id__gte?: string;
                face_id__lt?: string;
                /** @description Any of face_id, account_id, event_id, user_data, create_time, external_id, avatar, lists. */
                targets?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_faces_by_face_id: {
        parameters: {
            query?: {
                /** @description Any of face_id, account_id, event_id, user_data, create_time, external_id, avatar, lists. */
                targets?: string[];
            };
            header?: never;
            path: {
                face_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The face */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Face"];
                };
            };
        };
    };
    put_faces_by_face_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                face_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FaceCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FaceCreated"];
                };
            };
            /** @description Replaced */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    delete_faces_by_face_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                face_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_faces_by_face_id: {
        parameters: {
            query?: {
                /** @description Any of face_id, account_id, event_id, user_data, create_time, external_id, avatar, lists. */
                targets?: string[];
            };
            header?: never;
            path: {
                face_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The face */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patch_faces_by_face_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                face_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FacePatch"];
            };
        };
        responses: {
            /** @description Changed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_lists: {
        parameters: {
            query?: {
                account_id?: string;
                list_ids?: string[];
                user_data?: string;
                page?: number;
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lists"];
                };
            };
        };
    };
    post_lists: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListCreated"];
                };
            };
        };
    };
    delete_lists: {
        parameters: {
            query?: {
                /** @description Removes the faces of the list, too. */
                with_faces?: 0 | 1;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListIds"];
            };
        };
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_lists: {
        parameters: {
            query?: {
                account_id?: string;
                list_ids?: string[];
                user_data?: string;
                page?: number;
                page_size?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lists */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_lists_count: {
        parameters: {
            query?: {
                account_id?: string;
                list_ids?: string[];
                user_data?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        lists_count: number;
                    };
                };
            };
        };
    };
    head_lists_count: {
        parameters: {
            query?: {
                account_id?: string;
                list_ids?: string[];
                user_data?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_lists_by_list_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                list_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["List"];
                };
            };
        };
    };
    delete_lists_by_list_id: {
        parameters: {
            query?: {
                /** @description Removes the faces of the list, too. */
                with_faces?: 0 | 1;
            };
            header?: never;
            path: {
                list_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_lists_by_list_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                list_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The list */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patch_lists_by_list_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                list_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListPatch"];
            };
        };
        responses: {
            /** @description Changed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patch_lists_by_list_id_faces: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                list_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ListFaces"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    patch_linker: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Linker"];
            };
        };
        responses: {
            /** @description Done */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_attributes: {
        parameters: {
            query?: {
                /** @description Any of face_descriptor, basic_attributes, face_descriptor_samples, basic_attributes_samples, create_time. */
                targets?: string[];
                descriptor_version?: number | null;
                attribute_ids?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that are alive, in the order asked */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        attributes: components["schemas"]["AttributeView"][];
                    };
                    "application/msgpack": string;
                };
            };
        };
    };
    post_attributes: {
        parameters: {
            query?: {
                ttl?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AttributeCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttributeCreated"];
                };
            };
        };
    };
    head_attributes: {
        parameters: {
            query?: {
                /** @description Any of face_descriptor, basic_attributes, face_descriptor_samples, basic_attributes_samples, create_time. */
                targets?: string[];
                descriptor_version?: number | null;
                attribute_ids?: string[];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that are alive, in the order asked */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_attributes_by_attribute_id: {
        parameters: {
            query?: {
                /** @description Any of face_descriptor, basic_attributes, face_descriptor_samples, basic_attributes_samples, create_time. */
                targets?: string[];
                descriptor_version?: number | null;
            };
            header?: never;
            path: {
                attribute_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The attribute */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttributeView"];
                    "application/msgpack": string;
                };
            };
        };
    };
    put_attributes_by_attribute_id: {
        parameters: {
            query?: {
                ttl?: number;
            };
            header?: never;
            path: {
                attribute_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AttributeCreate"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttributeCreated"];
                };
            };
        };
    };
    delete_attributes_by_attribute_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                attribute_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_attributes_by_attribute_id: {
        parameters: {
            query?: {
                /** @description Any of face_descriptor, basic_attributes, face_descriptor_samples, basic_attributes_samples, create_time. */
                targets?: string[];
                descriptor_version?: number | null;
            };
            header?: never;
            path: {
                attribute_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The attribute */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_attributes_by_attribute_id_samples: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                attribute_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ids */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttributeSamples"];
                };
            };
        };
    };
    head_attributes_by_attribute_id_samples: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                attribute_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ids */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    post_samples_faces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
                "image/bmp": string;
                "image/tiff": string;
                "image/x-portable-pixmap": string;
                "image/webp": string;
            };
        };
        responses: {
            /** @description Stored as JPEG */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SampleCreated"];
                };
            };
        };
    };
    post_samples_bodies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
                "image/bmp": string;
                "image/tiff": string;
                "image/x-portable-pixmap": string;
                "image/webp": string;
            };
        };
        responses: {
            /** @description Stored as JPEG */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SampleCreated"];
                };
            };
        };
    };
    post_images: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
                "image/bmp": string;
                "image/tiff": string;
                "image/x-portable-pixmap": string;
                "image/webp": string;
                "multipart/form-data": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description Stored; `images` for multipart */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object, when it is one. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageCreated"] | {
                        images: components["schemas"]["ImageCreated"][];
                    };
                };
            };
        };
    };
    post_objects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
                "text/plain": string;
                "application/zip": string;
                "application/pdf": string;
                "*/*": string;
            };
        };
        responses: {
            /** @description Stored */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ObjectCreated"];
                };
            };
        };
    };
    get_samples_faces_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes as they are stored */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description `nosniff` */
                    "X-Content-Type-Options": string;
                    /** @description A file name, of what is no picture. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
        };
    };
    delete_samples_faces_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_samples_faces_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes as they are stored */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description `nosniff` */
                    "X-Content-Type-Options": string;
                    /** @description A file name, of what is no picture. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_samples_bodies_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes as they are stored */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description `nosniff` */
                    "X-Content-Type-Options": string;
                    /** @description A file name, of what is no picture. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                };
            };
        };
    };
    delete_samples_bodies_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_samples_bodies_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes as they are stored */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description `nosniff` */
                    "X-Content-Type-Options": string;
                    /** @description A file name, of what is no picture. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_images_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes as they are stored */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description `nosniff` */
                    "X-Content-Type-Options": string;
                    /** @description A file name, of what is no picture. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": string;
                    "image/png": string;
                    "image/bmp": string;
                    "image/tiff": string;
                    "image/x-portable-pixmap": string;
                    "image/webp": string;
                };
            };
        };
    };
    delete_images_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_images_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes as they are stored */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description `nosniff` */
                    "X-Content-Type-Options": string;
                    /** @description A file name, of what is no picture. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_objects_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes as they are stored */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description `nosniff` */
                    "X-Content-Type-Options": string;
                    /** @description A file name, of what is no picture. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                    "text/plain": string;
                    "application/zip": string;
                    "application/pdf": string;
                    "*/*": string;
                };
            };
        };
    };
    delete_objects_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_objects_by_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes as they are stored */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description `nosniff` */
                    "X-Content-Type-Options": string;
                    /** @description A file name, of what is no picture. */
                    "Content-Disposition"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    post_events_stats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EventStatisticsQuery"];
            };
        };
        responses: {
            /** @description One element per group */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventStatistics"];
                };
            };
        };
    };
    get_events: {
        parameters: {
            query?: {
                event_ids?: string[];
                event_id__gte?: string;
                event_id__lt?: string;
                handler_ids?: string[];
                face_ids?: string[];
                external_ids?: (string | null)[];
                track_ids?: (string | null)[];
                stream_id?: (string | null)[];
                account_id?: string;
                create_time__gte?: string;
                create_time__lt?: string;
                end_time__gte?: string;
                end_time__lt?: string;
                insert_time__gte?: string;
                insert_time__lt?: string;
                sources?: (string | null)[];
                /** @description The event has all of them. */
                tags?: string[];
                user_data?: string;
                gender?: 0 | 1;
                age__gte?: number;
                age__lt?: number;
                emotions?: ((1 | 2 | 3 | 4 | 5 | 6 | 7) | null)[];
                ethnic_groups?: ((1 | 2 | 3 | 4) | null)[];
                masks?: ((1 | 2 | 3) | null)[];
                liveness?: ((0 | 1 | 2) | null)[];
                deepfake?: string[];
                top_matching_candidates_label?: string;
                top_similar_object_ids?: string[];
                top_similar_object_type?: ("face" | "event" | "attribute")[];
                top_similar_external_ids?: (string | null)[];
                top_similar_object_similarity__gte?: number;
                top_similar_object_similarity__lt?: number;
                apparent_gender?: string[];
                apparent_age__gte?: number;
                apparent_age__lt?: number;
                headwear_states?: string[];
                sleeve_lengths?: string[];
                upper_clothing_colors?: string[];
                backpack_states?: string[];
                lower_garment_types?: string[];
                lower_garment_colors?: string[];
                shoes_apparent_colors?: string[];
                headwear_apparent_colors?: string[];
                cities?: (string | null)[];
                areas?: (string | null)[];
                districts?: (string | null)[];
                streets?: (string | null)[];
                house_numbers?: (string | null)[];
                origin_longitude?: number;
                origin_latitude?: number;
                longitude_delta?: number;
                latitude_delta?: number;
                page?: number;
                page_size?: number;
                /** @description Any of event_id, account_id, handler_id, create_time, end_time, insert_time, external_id, user_data, source, track_id, stream_id, tags, meta, location, face_id, attach_result, gender, age, emotion, ethnic_group, mask, liveness, deepfake, top_match, match_result, face_detections, body_detections, body_basic_attributes, basic_attributes, upper_body, lower_body, accessories. */
                targets?: string[];
                /** @description By create_time, newest first by default. When an id is given to page from: by id, ascending unless only the upper one (`__lt`) is given. */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Events"];
                };
            };
        };
    };
    head_events: {
        parameters: {
            query?: {
                event_ids?: string[];
                event_id__gte?: string;
                event_id__lt?: string;
                handler_ids?: string[];
                face_ids?: string[];
                external_ids?: (string | null)[];
                track_ids?: (string | null)[];
                stream_id?: (string | null)[];
                account_id?: string;
                create_time__gte?: string;
                create_time__lt?: string;
                end_time__gte?: string;
                end_time__lt?: string;
                insert_time__gte?: string;
                insert_time__lt?: string;
                sources?: (string | null)[];
                /** @description The event has all of them. */
                tags?: string[];
                user_data?: string;
                gender?: 0 | 1;
                age__gte?: number;
                age__lt?: number;
                emotions?: ((1 | 2 | 3 | 4 | 5 | 6 | 7) | null)[];
                ethnic_groups?: ((1 | 2 | 3 | 4) | null)[];
                masks?: ((1 | 2 | 3) | null)[];
                liveness?: ((0 | 1 | 2) | null)[];
                deepfake?: string[];
                top_matching_candidates_label?: string;
                top_similar_object_ids?: string[];
                top_similar_object_type?: ("face" | "event" | "attribute")[];
                top_similar_external_ids?: (string | null)[];
                top_similar_object_similarity__gte?: number;
                top_similar_object_similarity__lt?: number;
                apparent_gender?: string[];
                apparent_age__gte?: number;
                apparent_age__lt?: number;
                headwear_states?: string[];
                sleeve_lengths?: string[];
                upper_clothing_colors?: string[];
                backpack_states?: string[];
                lower_garment_types?: string[];
                lower_garment_colors?: string[];
                shoes_apparent_colors?: string[];
                headwear_apparent_colors?: string[];
                cities?: (string | null)[];
                areas?: (string | null)[];
                districts?: (string | null)[];
                streets?: (string | null)[];
                house_numbers?: (string | null)[];
                origin_longitude?: number;
                origin_latitude?: number;
                longitude_delta?: number;
                latitude_delta?: number;
                page?: number;
                page_size?: number;
                /** @description Any of event_id, account_id, handler_id, create_time, end_time, insert_time, external_id, user_data, source, track_id, stream_id, tags, meta, location, face_id, attach_result, gender, age, emotion, ethnic_group, mask, liveness, deepfake, top_match, match_result, face_detections, body_detections, body_basic_attributes, basic_attributes, upper_body, lower_body, accessories. */
                targets?: string[];
                /** @description By create_time, newest first by default. When an id is given to page from: by id, ascending unless only the upper one (`__lt`) is given. */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_events_by_event_id: {
        parameters: {
            query?: {
                /** @description Any of event_id, account_id, handler_id, create_time, end_time, insert_time, external_id, user_data, source, track_id, stream_id, tags, meta, location, face_id, attach_result, gender, age, emotion, ethnic_group, mask, liveness, deepfake, top_match, match_result, face_detections, body_detections, body_basic_attributes, basic_attributes, upper_body, lower_body, accessories. */
                targets?: string[];
            };
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventRecord"];
                };
            };
        };
    };
    head_events_by_event_id: {
        parameters: {
            query?: {
                /** @description Any of event_id, account_id, handler_id, create_time, end_time, insert_time, external_id, user_data, source, track_id, stream_id, tags, meta, location, face_id, attach_result, gender, age, emotion, ethnic_group, mask, liveness, deepfake, top_match, match_result, face_detections, body_detections, body_basic_attributes, basic_attributes, upper_body, lower_body, accessories. */
                targets?: string[];
            };
            header?: never;
            path: {
                event_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_handlers: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                description?: string;
                is_dynamic?: 0 | 1;
                handler_type?: "0" | "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Handlers */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        handlers: components["schemas"]["Handler"][];
                    };
                };
            };
        };
    };
    post_handlers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandlerBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandlerCreated"];
                };
            };
        };
    };
    head_handlers: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                description?: string;
                is_dynamic?: 0 | 1;
                handler_type?: "0" | "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Handlers */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_handlers_count: {
        parameters: {
            query?: {
                description?: string;
                is_dynamic?: 0 | 1;
                handler_type?: "0" | "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        handlers_count: number;
                    };
                };
            };
        };
    };
    head_handlers_count: {
        parameters: {
            query?: {
                description?: string;
                is_dynamic?: 0 | 1;
                handler_type?: "0" | "1";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    post_handlers_validator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandlerValidatorBody"];
            };
        };
        responses: {
            /** @description The policies are valid */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HandlerValidatorAnswer"];
                };
            };
        };
    };
    get_handlers_by_handler_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                handler_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The handler */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Handler"];
                };
            };
        };
    };
    put_handlers_by_handler_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                handler_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandlerBody"];
            };
        };
        responses: {
            /** @description Replaced */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    delete_handlers_by_handler_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                handler_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_handlers_by_handler_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                handler_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The handler */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    post_handlers_by_handler_id_events: {
        parameters: {
            query?: {
                external_id?: string;
                user_data?: string;
                image_type?: number;
                /** @description Older spelling of image_type 0 and 1. */
                warped_image?: 0 | 1;
                aggregate_attributes?: 0 | 1;
                source?: string;
                tags?: string[];
                track_id?: string;
                stream_id?: string;
                use_exif_info?: 0 | 1;
                city?: string;
                area?: string;
                district?: string;
                street?: string;
                house_number?: string;
                longitude?: number;
                latitude?: number;
            };
            header?: {
                "luna-event-time"?: string;
                "luna-event-end-time"?: string;
            };
            path: {
                handler_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
                "image/bmp": string;
                "image/tiff": string;
                "image/x-portable-pixmap": string;
                "image/webp": string;
                "image/x-jpeg-base64": string;
                "image/x-png-base64": string;
                "image/x-bmp-base64": string;
                "image/x-tiff-base64": string;
                "image/x-portable-pixmap-base64": string;
                "image/x-webp-base64": string;
                "multipart/form-data": {
                    [key: string]: unknown;
                };
                "application/json": components["schemas"]["PicturesBody"];
                "application/x-sdk-descriptor": string;
            };
        };
        responses: {
            /** @description One event per face, or one of all pictures. None when nothing was detected. */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GeneratedEvents"];
                    "application/msgpack": string;
                };
            };
        };
    };
    post_handlers_by_handler_id_events_raw: {
        parameters: {
            query?: {
                /** @description Taken as LP5 does; the answer waits for the disk in both cases. */
                wait_saving?: 0 | 1;
            };
            header?: never;
            path: {
                handler_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RawEvents"];
            };
        };
        responses: {
            /** @description Saved */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RawEventsCreated"];
                };
            };
        };
    };
    get_verifiers: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                description?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Verifiers */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        verifiers: components["schemas"]["Verifier"][];
                    };
                };
            };
        };
    };
    post_verifiers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifierBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifierCreated"];
                };
            };
        };
    };
    head_verifiers: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                description?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Verifiers */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_verifiers_count: {
        parameters: {
            query?: {
                description?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        verifiers_count: number;
                    };
                };
            };
        };
    };
    head_verifiers_count: {
        parameters: {
            query?: {
                description?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Count */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_verifiers_by_verifier_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                verifier_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The verifier */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verifier"];
                };
            };
        };
    };
    put_verifiers_by_verifier_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                verifier_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifierBody"];
            };
        };
        responses: {
            /** @description Replaced */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    delete_verifiers_by_verifier_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                verifier_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_verifiers_by_verifier_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                verifier_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The verifier */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    post_verifiers_by_verifier_id_verifications: {
        parameters: {
            query?: {
                face_ids?: string[];
                event_ids?: string[];
                attribute_ids?: string[];
                external_ids?: string[];
                image_type?: number;
                warped_image?: 0 | 1;
                use_exif_info?: 0 | 1;
            };
            header?: never;
            path: {
                verifier_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
                "image/bmp": string;
                "image/tiff": string;
                "image/x-portable-pixmap": string;
                "image/webp": string;
                "image/x-jpeg-base64": string;
                "image/x-png-base64": string;
                "image/x-bmp-base64": string;
                "image/x-tiff-base64": string;
                "image/x-portable-pixmap-base64": string;
                "image/x-webp-base64": string;
                "multipart/form-data": {
                    [key: string]: unknown;
                };
                "application/json": components["schemas"]["PicturesBody"];
            };
        };
        responses: {
            /** @description Verifications */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verifications"];
                };
            };
        };
    };
    post_verifiers_by_verifier_id_raw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                verifier_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RawVerificationBody"];
            };
        };
        responses: {
            /** @description Verifications */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RawVerifications"];
                };
            };
        };
    };
    post_detector: {
        parameters: {
            query?: {
                detect_face?: 0 | 1;
                multiface_policy?: number;
                image_type?: number;
                warped_image?: 0 | 1;
                use_exif_info?: 0 | 1;
                extract_exif?: 0 | 1;
                /** @description Lowest confidence of the detector, 0.42 when absent. It tells of no face below 0.3, a YuNet pack of none below 0.6: lower thresholds find no more. */
                score_threshold?: number;
                detect_landmarks5?: 0 | 1;
                detect_landmarks68?: 0 | 1;
                estimate_head_pose?: 0 | 1;
                estimate_emotions?: 0 | 1;
                estimate_gaze?: 0 | 1;
                estimate_eyes_attributes?: 0 | 1;
                estimate_mouth_attributes?: 0 | 1;
                estimate_quality?: 0 | 1;
                estimate_face_quality?: 0 | 1;
                estimate_liveness?: 0 | 1;
                liveness_threshold?: number;
                quality_threshold?: number;
                pitch_threshold?: number;
                yaw_threshold?: number;
                roll_threshold?: number;
                mask_states?: number[];
                liveness_states?: number[];
                /** @description Not supported, 1 answers 11044: no network here looks for bodies. */
                detect_body?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_mask?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_glasses?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_face_occlusion?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_deepfake?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_body_descriptor?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_body_warp?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_body_basic_attributes?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_upper_body?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_lower_body?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_accessories?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                aggregate_body_descriptor?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_people_count?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                people_count_coordinates?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_image_modification?: 0 | 1;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
                "image/bmp": string;
                "image/tiff": string;
                "image/x-portable-pixmap": string;
                "image/webp": string;
                "image/x-jpeg-base64": string;
                "image/x-png-base64": string;
                "image/x-bmp-base64": string;
                "image/x-tiff-base64": string;
                "image/x-portable-pixmap-base64": string;
                "image/x-webp-base64": string;
                "multipart/form-data": {
                    [key: string]: unknown;
                };
                "application/json": components["schemas"]["PicturesBody"];
            };
        };
        responses: {
            /** @description Detections */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DetectorAnswer"];
                };
            };
        };
    };
    post_sdk: {
        parameters: {
            query?: {
                detect_face?: 0 | 1;
                multiface_policy?: number;
                image_type?: number;
                warped_image?: 0 | 1;
                use_exif_info?: 0 | 1;
                extract_exif?: 0 | 1;
                /** @description Lowest confidence of the detector, 0.42 when absent. It tells of no face below 0.3, a YuNet pack of none below 0.6: lower thresholds find no more. */
                score_threshold?: number;
                detect_landmarks5?: 0 | 1;
                detect_landmarks68?: 0 | 1;
                estimate_head_pose?: 0 | 1;
                estimate_emotions?: 0 | 1;
                estimate_gaze?: 0 | 1;
                estimate_eyes_attributes?: 0 | 1;
                estimate_mouth_attributes?: 0 | 1;
                estimate_quality?: 0 | 1;
                estimate_face_quality?: 0 | 1;
                estimate_liveness?: 0 | 1;
                liveness_threshold?: number;
                quality_threshold?: number;
                pitch_threshold?: number;
                yaw_threshold?: number;
                roll_threshold?: number;
                mask_states?: number[];
                liveness_states?: number[];
                /** @description Not supported, 1 answers 11044: no network here looks for bodies. */
                detect_body?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_mask?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_glasses?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_face_occlusion?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_deepfake?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_body_descriptor?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_body_warp?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_body_basic_attributes?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_upper_body?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_lower_body?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_accessories?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                aggregate_body_descriptor?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_people_count?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                people_count_coordinates?: 0 | 1;
                /** @description Not estimated by any network here: what it asks for is null where the answer has a place for it. */
                estimate_image_modification?: 0 | 1;
                estimate_basic_attributes?: 0 | 1;
                estimate_face_descriptor?: 0 | 1;
                estimate_face_warp?: 0 | 1;
                aggregate_face_descriptor?: 0 | 1;
                aggregate_attributes?: 0 | 1;
                fd_score_threshold?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
                "image/bmp": string;
                "image/tiff": string;
                "image/x-portable-pixmap": string;
                "image/webp": string;
                "image/x-jpeg-base64": string;
                "image/x-png-base64": string;
                "image/x-bmp-base64": string;
                "image/x-tiff-base64": string;
                "image/x-portable-pixmap-base64": string;
                "image/x-webp-base64": string;
                "multipart/form-data": {
                    [key: string]: unknown;
                };
                "application/json": components["schemas"]["PicturesBody"];
            };
        };
        responses: {
            /** @description Estimations. With `Accept: application/msgpack` descriptors and warps are bytes. */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SdkAnswer"];
                    "application/msgpack": string;
                };
            };
        };
    };
    post_iso: {
        parameters: {
            query?: {
                multiface_policy?: number;
                use_exif_info?: 0 | 1;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
                "image/bmp": string;
                "image/tiff": string;
                "image/x-portable-pixmap": string;
                "image/webp": string;
                "image/x-jpeg-base64": string;
                "image/x-png-base64": string;
                "image/x-bmp-base64": string;
                "image/x-tiff-base64": string;
                "image/x-portable-pixmap-base64": string;
                "image/x-webp-base64": string;
                "multipart/form-data": {
                    [key: string]: unknown;
                };
                "application/json": components["schemas"]["PicturesBody"];
            };
        };
        responses: {
            /** @description Checks */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IsoAnswer"];
                };
            };
        };
    };
    post_extractor: {
        parameters: {
            query?: {
                extract_descriptor?: 0 | 1;
                extract_basic_attributes?: 0 | 1;
                aggregate_attributes?: 0 | 1;
                ttl?: number;
                fd_score_threshold?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string[] | {
                    sample_ids: string[];
                };
            };
        };
        responses: {
            /** @description The attributes as an array, also of a single sample, in the order of the samples. A sample whose descriptor scores below `fd_score_threshold` makes none. */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object, when it is one. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExtractedAttribute"][];
                };
            };
        };
    };
    post_liveness: {
        parameters: {
            query?: {
                aggregate?: 0 | 1;
                liveness_threshold?: number;
                quality_threshold?: number;
                /** @description A picture has one answer here. 0 and 1: several faces are error 11038 of the picture. 2: the best face is taken. */
                multiface_policy?: number;
                pitch_threshold?: number;
                yaw_threshold?: number;
                roll_threshold?: number;
                use_exif_info?: 0 | 1;
                image_type?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "image/jpeg": string;
                "image/png": string;
                "image/bmp": string;
                "image/tiff": string;
                "image/x-portable-pixmap": string;
                "image/webp": string;
                "image/x-jpeg-base64": string;
                "image/x-png-base64": string;
                "image/x-bmp-base64": string;
                "image/x-tiff-base64": string;
                "image/x-portable-pixmap-base64": string;
                "image/x-webp-base64": string;
                "multipart/form-data": {
                    [key: string]: unknown;
                };
                "application/json": components["schemas"]["PicturesBody"];
            };
        };
        responses: {
            /** @description Estimates */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LivenessAnswer"];
                };
            };
        };
    };
    post_matcher_faces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MatchBody"];
            };
        };
        responses: {
            /** @description Matches */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matches"];
                };
            };
        };
    };
    post_matcher_bodies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MatchBody"];
            };
        };
        responses: {
            /** @description Never */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matches"];
                };
            };
        };
    };
    post_matcher_raw: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RawMatchBody"];
                "application/msgpack": string;
            };
        };
        responses: {
            /** @description Similarities */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RawMatches"];
                };
            };
        };
    };
    get_perigee_rejections: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                /** @description On either side of the pair. */
                face_id?: string;
                event_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rejections */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rejections"];
                };
            };
        };
    };
    post_perigee_rejections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejectionCreate"];
            };
        };
        responses: {
            /** @description Stands */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    /** @description Path of the new object. */
                    Location: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RejectionCreated"];
                };
            };
        };
    };
    head_perigee_rejections: {
        parameters: {
            query?: {
                page?: number;
                page_size?: number;
                /** @description On either side of the pair. */
                face_id?: string;
                event_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rejections */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_perigee_rejections_by_rejection_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rejection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rejection */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rejection"];
                };
            };
        };
    };
    delete_perigee_rejections_by_rejection_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rejection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_perigee_rejections_by_rejection_id: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rejection_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Rejection */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_perigee_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Model packs */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelPacks"];
                };
            };
        };
    };
    post_perigee_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/zip": string;
                "application/x-tar": string;
                "application/gzip": string;
            };
        };
        responses: {
            /** @description Installed */
            201: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelPack"];
                };
            };
        };
    };
    head_perigee_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Model packs */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    post_perigee_models_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/zip": string;
                "application/x-tar": string;
                "application/gzip": string;
            };
        };
        responses: {
            /** @description Sound */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelPack"];
                };
            };
        };
    };
    post_perigee_models_by_name_activate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, or name and version: `silent-face` or `silent-face-1.0.0`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In use */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelPack"];
                };
            };
        };
    };
    post_perigee_models_by_name_deactivate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, or name and version: `silent-face` or `silent-face-1.0.0`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No longer in use */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelPack"];
                };
            };
        };
    };
    delete_perigee_models_by_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name, or name and version: `silent-face` or `silent-face-1.0.0`. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed */
            204: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_ws: {
        parameters: {
            query?: {
                event_ids?: string[];
                event_id__gte?: string;
                event_id__lt?: string;
                handler_ids?: string[];
                face_ids?: string[];
                external_ids?: (string | null)[];
                track_ids?: (string | null)[];
                stream_id?: (string | null)[];
                account_id?: string;
                create_time__gte?: string;
                create_time__lt?: string;
                end_time__gte?: string;
                end_time__lt?: string;
                insert_time__gte?: string;
                insert_time__lt?: string;
                sources?: (string | null)[];
                /** @description The event has all of them. */
                tags?: string[];
                user_data?: string;
                gender?: 0 | 1;
                age__gte?: number;
                age__lt?: number;
                emotions?: ((1 | 2 | 3 | 4 | 5 | 6 | 7) | null)[];
                ethnic_groups?: ((1 | 2 | 3 | 4) | null)[];
                masks?: ((1 | 2 | 3) | null)[];
                liveness?: ((0 | 1 | 2) | null)[];
                deepfake?: string[];
                top_matching_candidates_label?: string;
                top_similar_object_ids?: string[];
                top_similar_object_type?: ("face" | "event" | "attribute")[];
                top_similar_external_ids?: (string | null)[];
                top_similar_object_similarity__gte?: number;
                top_similar_object_similarity__lt?: number;
                apparent_gender?: string[];
                apparent_age__gte?: number;
                apparent_age__lt?: number;
                headwear_states?: string[];
                sleeve_lengths?: string[];
                upper_clothing_colors?: string[];
                backpack_states?: string[];
                lower_garment_types?: string[];
                lower_garment_colors?: string[];
                shoes_apparent_colors?: string[];
                headwear_apparent_colors?: string[];
                cities?: (string | null)[];
                areas?: (string | null)[];
                districts?: (string | null)[];
                streets?: (string | null)[];
                house_numbers?: (string | null)[];
                origin_longitude?: number;
                origin_latitude?: number;
                longitude_delta?: number;
                latitude_delta?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Upgraded */
            101: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    head_ws: {
        parameters: {
            query?: {
                event_ids?: string[];
                event_id__gte?: string;
                event_id__lt?: string;
                handler_ids?: string[];
                face_ids?: string[];
                external_ids?: (string | null)[];
                track_ids?: (string | null)[];
                stream_id?: (string | null)[];
                account_id?: string;
                create_time__gte?: string;
                create_time__lt?: string;
                end_time__gte?: string;
                end_time__lt?: string;
                insert_time__gte?: string;
                insert_time__lt?: string;
                sources?: (string | null)[];
                /** @description The event has all of them. */
                tags?: string[];
                user_data?: string;
                gender?: 0 | 1;
                age__gte?: number;
                age__lt?: number;
                emotions?: ((1 | 2 | 3 | 4 | 5 | 6 | 7) | null)[];
                ethnic_groups?: ((1 | 2 | 3 | 4) | null)[];
                masks?: ((1 | 2 | 3) | null)[];
                liveness?: ((0 | 1 | 2) | null)[];
                deepfake?: string[];
                top_matching_candidates_label?: string;
                top_similar_object_ids?: string[];
                top_similar_object_type?: ("face" | "event" | "attribute")[];
                top_similar_external_ids?: (string | null)[];
                top_similar_object_similarity__gte?: number;
                top_similar_object_similarity__lt?: number;
                apparent_gender?: string[];
                apparent_age__gte?: number;
                apparent_age__lt?: number;
                headwear_states?: string[];
                sleeve_lengths?: string[];
                upper_clothing_colors?: string[];
                backpack_states?: string[];
                lower_garment_types?: string[];
                lower_garment_colors?: string[];
                shoes_apparent_colors?: string[];
                headwear_apparent_colors?: string[];
                cities?: (string | null)[];
                areas?: (string | null)[];
                districts?: (string | null)[];
                streets?: (string | null)[];
                house_numbers?: (string | null)[];
                origin_longitude?: number;
                origin_latitude?: number;
                longitude_delta?: number;
                latitude_delta?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Upgraded */
            101: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_docs_spec: {
        parameters: {
            query?: {
                format?: "html" | "json" | "yaml";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1, or a page for people */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/x-yaml": string;
                    "application/json": {
                        [key: string]: unknown;
                    };
                    "text/html": string;
                };
            };
        };
    };
    head_docs_spec: {
        parameters: {
            query?: {
                format?: "html" | "json" | "yaml";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1, or a page for people */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    get_docs_errors_by_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    head_docs_errors_by_code: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    "Luna-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
